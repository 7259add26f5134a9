using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search;

/// <summary>
/// A pin, a board or a person as an index has it. Words are taken apart already (<see cref="IndexedText"/>): every
/// index finds the same, and knows no language.
/// </summary>
/// <param name="Id">What it is of.</param>
/// <param name="Seq">A number of its shard's journal: it has at least all that was written until then.</param>
sealed record SearchDocument(ObjectId Id, long Seq)
{
    /// <summary>It is not there any more; this stays, so that nothing older brings it back.</summary>
    public bool IsGone { get; init; }

    public ObjectId<User> Owner { get; init; }

    public ObjectId<Board> Board { get; init; }

    /// <summary>Whether others than the owner find it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Words as they are written, in order.</summary>
    public string Words { get; init; } = "";

    /// <summary>What inflected words have in common; that of the title twice, for it says more.</summary>
    public string Stems { get; init; } = "";

    /// <summary>The words of its title or name alone.</summary>
    public string Title { get; init; } = "";

    /// <summary>The words of its board's name.</summary>
    public string BoardName { get; init; } = "";

    public IReadOnlyList<IndexedTag> Tags { get; init; } = [];

    /// <summary>One of <see cref="ColourName.All"/>, or null.</summary>
    public string? Colour { get; init; }

    /// <summary>One of <see cref="PinKind.All"/>, or null of what is no pin.</summary>
    public string? Kind { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>How often others took it up.</summary>
    public long Popularity { get; init; }

    /// <summary>The hash of its picture's file, or null.</summary>
    public string? PictureHash { get; init; }

    /// <summary>0 for none.</summary>
    public ulong PerceptualHash { get; init; }

    public int? Year => Kind is null ? null : At.Year;

    public static SearchDocument Gone(ObjectId id, long seq) => new(id, seq) { IsGone = true };

    /// <summary>Of all but <see cref="Seq"/>: two that have the same say the same.</summary>
    public long Digest()
    {
        var said = string.Create(CultureInfo.InvariantCulture, $"""
            {Id}|{IsGone}|{Owner}|{Board}|{IsPublic}|{Words}|{Stems}|{Title}|{BoardName}|{string.Join(',', Tags)}|
            {Colour}|{Kind}|{At.ToUnixTimeMilliseconds()}|{Popularity}|{PictureHash}|{PerceptualHash}
            """);
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(said)));
    }
}

/// <summary>A tag: what is compared, and what is shown.</summary>
readonly record struct IndexedTag(string Key, string Name)
{
    /// <summary>Both as one word of an index, ordered by the key.</summary>
    public override string ToString() => $"{Key}/{Name}";

    public static IndexedTag Parse(string word)
    {
        var at = word.IndexOf('/', StringComparison.Ordinal);
        return new IndexedTag(word[..at], word[(at + 1)..]);
    }
}

/// <summary>What of an index's document a verification compares.</summary>
readonly record struct IndexedState(ObjectId Id, long Seq, long Digest, bool IsGone);
