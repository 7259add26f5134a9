using Pinfold.Pinboard.Boards;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Web.Forms;

/// <summary>The boards that a form offers, and the one that was chosen or is to be made.</summary>
sealed class BoardChoices(ShardedStore store, BoardService boards)
{
    const string New = "new";

    public async Task<IReadOnlyList<BoardChoice>> ListAsync(
        ObjectId<User> owner, bool withSections, CancellationToken cancellation)
    {
        var entries = await boards.ListAsync(owner, cancellation);
        var found = await store.FindManyAsync([.. entries.Select(e => e.To)], cancellation);
        var choices = new List<BoardChoice>(found.Count);
        foreach (var board in found.OfType<Stored<Board>>())
            choices.Add(new BoardChoice(board.Id.ToString(), board.Body.Name, board.Body.IsSecret, withSections
                ? [.. (await boards.ListSectionsAsync(board.Id, cancellation))
                    .Select(s => new SectionChoice(s.Id.ToString(), s.Body.Name))]
                : []));
        return choices;
    }

    public async Task<ObjectId<Board>> GetOrCreateAsync(
        Caller caller, string? chosen, string? newName, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(chosen))
            throw new PinfoldException(ErrorKind.Invalid, "Choose a board, or name a new one.");
        return chosen == New
            ? await boards.CreateAsync(caller.UserId, newName, null, isSecret: false, cancellation)
            : RouteId.Board(chosen);
    }
}
