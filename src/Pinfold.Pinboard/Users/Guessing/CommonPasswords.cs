using System.Collections.Frozen;

namespace Pinfold.Pinboard.Users.Guessing;

/// <summary>
/// Passwords that many people had, by how many: <c>CommonPasswords.txt</c> beside this, which says where they are from.
/// </summary>
static class CommonPasswords
{
    /// <summary>Longer pieces of a password are not looked up.</summary>
    public const int LengthMax = 32;

    static readonly Lazy<FrozenDictionary<string, int>> Read = new(ReadAll);

    /// <summary>Its place in the list, from 1, in lower case; null if it is not in it.</summary>
    public static int? RankOf(ReadOnlySpan<char> password) =>
        Read.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(password, out var rank) ? rank : null;

    static FrozenDictionary<string, int> ReadAll()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords")!;
        using var reader = new StreamReader(stream);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith("# ", StringComparison.Ordinal))
                ranks.TryAdd(line, ranks.Count + 1);
        return ranks.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
