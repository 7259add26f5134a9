using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Forms;

/// <summary>The boards that a form offers, and the one that was chosen or is to be made.</summary>
sealed class BoardChoices(BoardService boards)
{
    public const string New = "new";

    public async Task<IReadOnlyList<BoardChoice>> ListAsync(ObjectId<User> owner, CancellationToken cancellation) =>
    [
        .. (await boards.ListToChooseAsync(owner, cancellation)).Select(choice => new BoardChoice(
            choice.Board.Id.ToString(), choice.Board.Body.Name, choice.Board.Body.IsSecret,
            CardMaker.CoverOf(choice.Board.Body),
            [.. choice.Sections.Select(section => new SectionChoice(section.Id.ToString(), section.Body.Name))])),
    ];

    /// <summary>
    /// Where a pin is to go, by what was posted. A new board with the name of one that is there is that one: nothing
    /// would tell them apart. What is wrong is put into <paramref name="errors"/>, beside the field that it is wrong
    /// with.
    /// </summary>
    public async Task<(ObjectId<Board> Board, ObjectId<Section> Section)> GetOrCreateAsync(
        Caller caller, string field, string? chosen, string? newName, Dictionary<string, string> errors,
        CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(chosen))
        {
            errors[field] = "Choose a board, or name a new one.";
            return default;
        }
        if (chosen != New)
            return PlaceOf(chosen);
        if (await FindAsync(caller.UserId, newName, cancellation) is { } there)
            return (there, default);
        var made = await FormErrors.CheckAsync(errors, "newBoard",
            () => boards.CreateAsync(caller.UserId, newName, null, isSecret: false, cancellation));
        return (made, default);
    }

    async Task<ObjectId<Board>?> FindAsync(
        ObjectId<User> owner, string? name, CancellationToken cancellation)
    {
        var line = Text.OneLine(name);
        return (await boards.ListToChooseAsync(owner, cancellation)).FirstOrDefault(
            choice => string.Equals(choice.Board.Body.Name, line, StringComparison.OrdinalIgnoreCase))?.Board.Id;
    }

    static (ObjectId<Board> Board, ObjectId<Section> Section) PlaceOf(string place)
    {
        var parts = place.Split('/', 2);
        return (RouteId.Board(parts[0]), parts.Length == 2 ? RouteId.Section(parts[1]) : default);
    }
}
