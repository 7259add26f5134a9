using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Links;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Profiles;

/// <summary>What the newest pins of boards without pictures are called, to make their covers of.</summary>
sealed class BoardTitles(ShardedStore store)
{
    /// <summary>So many of a board are shown.</summary>
    const int OfABoard = 3;

    /// <summary>
    /// No round trip where every board has pictures or its newest pins are among those that were read already; else one
    /// for the lists, and one for what is not cached.
    /// </summary>
    public async Task<ILookup<ObjectId<Board>, string>> FindAsync(
        Viewer viewer, IReadOnlyList<ListedBoard> boards, IReadOnlyList<ListedPin> newest,
        CancellationToken cancellation)
    {
        var bare = boards.Where(b => b.PinCount > 0 && b.Board.Covers is not { Count: > 0 }).ToList();
        var known = newest.ToLookup(p => p.Pin.Board);
        var unknown = bare.Where(b => known[b.Id].Count() < Math.Min(OfABoard, b.PinCount)).ToList();
        var read = await ReadAsync(viewer, unknown, cancellation);
        return bare
            .SelectMany(board => (unknown.Contains(board) ? read[board.Id] : known[board.Id]).Take(OfABoard)
                .Select(pin => (board.Id, Title: TitleOf(pin.Pin))))
            .Where(title => title.Title is not null)
            .ToLookup(title => title.Id, title => title.Title!);
    }

    async Task<ILookup<ObjectId<Board>, ListedPin>> ReadAsync(
        Viewer viewer, List<ListedBoard> boards, CancellationToken cancellation)
    {
        if (boards.Count == 0)
            return Enumerable.Empty<ListedPin>().ToLookup(pin => pin.Pin.Board);
        var lists = store.Read();
        var pages = boards.ConvertAll(board => lists.Page(
            viewer.Is(board.Board.Owner) ? BoardHasPins : BoardHasPublicPins, board.Id, new PageRequest(OfABoard)));
        await lists.ExecuteAsync(cancellation);
        var pins = await store.FindManyAsync(
            [.. pages.SelectMany(page => page.Value.Items).Select(e => e.To).Distinct()], cancellation);
        var byId = boards.ToDictionary(board => board.Id, board => board.Board);
        return pins.OfType<Stored<Pin>>()
            .Where(pin => Visibility.CanSee(viewer, pin.Body, byId.GetValueOrDefault(pin.Body.Board)))
            .Select(pin => new ListedPin(pin.Id, pin.Body))
            .ToLookup(pin => pin.Pin.Board);
    }

    static string? TitleOf(Pin pin) => pin.Title.Length > 0 ? pin.Title : SiteName.Of(pin.Link);
}
