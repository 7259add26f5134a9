using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pins;

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
sealed record Pin(
    ObjectId<User> Owner, ObjectId<Board> Board, ObjectId<Section> Section, string Title, string? Description,
        string? Link,
    bool IsSecret, DateTimeOffset CreatedAt, IReadOnlyList<string>? Tags, PinPicture? Picture, string? ImportKey)
{
    public const int TitleLengthMax = 200;
    public const int DescriptionLengthMax = 2000;
    public const int LinkLengthMax = 2048;

    public static ObjectType<Pin> Type { get; } = new(1, "pins", PinboardJson.Default.Pin);
}

/// <summary>How far a pin's picture is.</summary>
enum PictureState
{
    /// <summary>To be fetched, or to be made from what was uploaded.</summary>
    Waiting,

    /// <summary>Files, size and colour are there.</summary>
    Ready,

    /// <summary>There will be none; <see cref="PinPicture.Problem"/> says why.</summary>
    Failed,
}

/// <summary>The picture of a pin.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Hash">SHA-256 of the original file, in hex; null until it was received.</param>
/// <param name="FetchFrom">The address to fetch it from, or of a page to find one on; null for an upload.</param>
/// <param name="Width">Upright, in pixels; 0 while unknown.</param>
/// <param name="Height">Upright, in pixels; 0 while unknown.</param>
/// <param name="Colour">Its dominant colour, <c>#rrggbb</c>, or null.</param>
/// <param name="PerceptualHash">64 bits that differ in few places for pictures that look alike.</param>
/// <param name="Problem">Why it failed, for a person.</param>
sealed record PinPicture(
    PictureState State, string? Hash, string? FetchFrom, int Width, int Height, string? Colour, ulong PerceptualHash,
        string? Problem)
{
    /// <summary>To be fetched from an address, or from the page there.</summary>
    public static PinPicture ToFetch(string address) => new(PictureState.Waiting, null, address, 0, 0, null, 0, null);

    /// <summary>To be made from a file that was received.</summary>
    public static PinPicture Received(StoredImage image) =>
        new(PictureState.Waiting, image.Hash.ToString(), null, image.Header.Width, image.Header.Height, null, 0, null);
}

/// <summary>
/// The address of a picture's uses: shard and local id are taken from its hash, so no look-up finds it. There is no row
/// of this type; should two pictures ever share an address, the files of both are kept for as long as either is used.
/// </summary>
sealed record Picture
{
    public static ObjectType<Picture> Type { get; } = new(7, "pictures", PinboardJson.Default.Picture);

    public static ObjectId<Picture> IdOf(string hash, int shardCount)
    {
        var bits = Convert.ToUInt64(hash[..16], 16);
        var shard = (int)(Convert.ToUInt32(hash[16..24], 16) % (uint)shardCount);
        return Type.Id(new ObjectId(new ShardId(shard), Type.Number, (long)(bits % (ulong)ObjectId.LocalMax) + 1));
    }
}
