using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>A board of one person.</summary>
/// <param name="Owner">Whose it is; on the same shard.</param>
/// <param name="Name">As shown; 1 to 80 characters.</param>
/// <param name="Slug">As in addresses; unique among the owner's boards.</param>
/// <param name="Description">At most 500 characters, or null.</param>
/// <param name="IsSecret">Only the owner sees it, and every pin on it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Covers">Pictures of its newest pins, at most three, never a secret pin's; null for none.</param>
/// <param name="ImportedAs">The folder that an import made it for, found again when it has another name.</param>
sealed record Board(
    ObjectId<User> Owner, string Name, string Slug, string? Description, bool IsSecret, DateTimeOffset CreatedAt,
    IReadOnlyList<Cover>? Covers = null, string? ImportedAs = null)
{
    /// <summary>The most boards one person can have: few enough to be listed in one read.</summary>
    public const int OfOnePersonMax = 500;

    /// <summary>The most sections one board can have.</summary>
    public const int SectionsMax = 200;

    public const int CoversMax = 3;
    public const int NameLengthMax = 80;
    public const int DescriptionLengthMax = 500;

    public static ObjectType<Board> Type { get; } = new(2, "boards", PinboardJson.Default.Board);

    /// <summary>
    /// The board of that number. None has it when something else has: to be asked for where there is none to ask for.
    /// </summary>
    public static ObjectId<Board> Beside(ObjectId id) => Type.Id(new ObjectId(id.Shard, Type.Number, id.Local));

    /// <summary>With a pin's picture in front.</summary>
    public Board WithCover(Cover cover) => this with
    {
        Covers = [cover, .. (Covers ?? []).Where(c => c.Pin != cover.Pin).Take(CoversMax - 1)],
    };

    /// <summary>Without the pictures of these pins.</summary>
    public Board WithoutCovers(IReadOnlyCollection<ObjectId<Pin>> pins) =>
        Covers is null ? this : this with { Covers = [.. Covers.Where(c => !pins.Contains(c.Pin))] };
}

/// <summary>A picture that stands for its board.</summary>
sealed record Cover(ObjectId<Pin> Pin, string Hash, int Width, int Height, string? Colour)
{
    /// <summary>The cover that a pin can be; null while it has no picture, or is secret.</summary>
    public static Cover? Of(ObjectId<Pin> id, Pin pin) =>
        pin is { IsSecret: false, Picture: { State: PictureState.Ready, Hash: { } hash } picture }
            ? new Cover(id, hash, picture.Width, picture.Height, picture.Colour)
            : null;
}

/// <summary>A part of a board, with a name of its own.</summary>
/// <param name="Board">Whose part it is.</param>
/// <param name="Name">As shown; 1 to 80 characters.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ImportedAs">As <see cref="Pinboard.Board.ImportedAs"/>.</param>
sealed record Section(
    ObjectId<Board> Board, string Name, DateTimeOffset CreatedAt, string? ImportedAs = null)
{
    public static ObjectType<Section> Type { get; } = new(4, "sections", PinboardJson.Default.Section);
}
