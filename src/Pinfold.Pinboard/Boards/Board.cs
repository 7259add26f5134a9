using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Boards;

/// <summary>A board of one person.</summary>
/// <param name="Owner">Whose it is; on the same shard.</param>
/// <param name="Name">As shown; 1 to 80 characters.</param>
/// <param name="Slug">As in addresses; unique among the owner's boards.</param>
/// <param name="Description">At most 500 characters, or null.</param>
/// <param name="IsSecret">Only the owner sees it, and every pin on it.</param>
/// <param name="CreatedAt">When it was made.</param>
sealed record Board(
    ObjectId<User> Owner, string Name, string Slug, string? Description, bool IsSecret, DateTimeOffset CreatedAt) : IObject<Board>
{
    public const int NameLengthMax = 80;
    public const int DescriptionLengthMax = 500;

    public static ObjectType<Board> Type { get; } = new(2, "boards", PinboardJson.Default.Board);
}

/// <summary>A part of a board, with a name of its own.</summary>
sealed record Section(ObjectId<Board> Board, string Name, DateTimeOffset CreatedAt) : IObject<Section>
{
    public static ObjectType<Section> Type { get; } = new(4, "sections", PinboardJson.Default.Section);
}
