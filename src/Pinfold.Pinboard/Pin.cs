using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>A picture or a link on a board.</summary>
/// <param name="Owner">Whose it is; on the same shard.</param>
/// <param name="Board">Which board it is on; the owner's.</param>
/// <param name="Section">Which part of the board, or none.</param>
/// <param name="Title">At most 200 characters; may be empty.</param>
/// <param name="Description">At most 2,000 characters, or null.</param>
/// <param name="Link">Where it leads, http or https, or null.</param>
/// <param name="IsSecret">Only the owner sees it, whatever its board.</param>
/// <param name="CreatedAt">When it was pinned, or first kept where it was imported from.</param>
/// <param name="Tags">Words from an import; empty for most.</param>
/// <param name="Picture">Its picture and how far that is, or null if it never had one.</param>
/// <param name="ImportKey">Where it came from, as the import knows it, or null.</param>
/// <param name="Order">Its place in lists where its time does not say it, in milliseconds as a time would have: pins of
/// one time stay in the order of the file they came from. Null for its time.</param>
sealed record Pin(
    ObjectId<User> Owner, ObjectId<Board> Board, ObjectId<Section> Section, string Title, string? Description,
        string? Link,
    bool IsSecret, DateTimeOffset CreatedAt, IReadOnlyList<string>? Tags, PinPicture? Picture, string? ImportKey,
        long? Order = null)
{
    public const int TitleLengthMax = 200;
    public const int DescriptionLengthMax = 2000;
    public const int LinkLengthMax = 2048;

    /// <summary>The sequence of its entries in lists.</summary>
    [JsonIgnore]
    public long Sequence => Order ?? CreatedAt.ToUnixTimeMilliseconds();

    /// <summary>The icon of the page that it leads to, by its hash among the pictures; null for none.</summary>
    public string? Icon { get; init; }

    /// <summary>Which pins it was saved from; null for one that was not.</summary>
    public PinOrigin? Origin { get; init; }

    public static ObjectType<Pin> Type { get; } = new(1, "pins", PinboardJson.Default.Pin);
}
