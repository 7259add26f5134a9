using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Notifications;

/// <summary>
/// Which notifications may be shown now: what was taken back, is gone or secret by now, or is of somebody with whom
/// there is a block, is passed over, whatever the list still has.
/// </summary>
sealed class VisibleNotifications(ShardedStore store, Standing standing, BlockReader blocks)
{
    /// <summary>In the order given. Two round trips at most to each server concerned; nothing for none.</summary>
    public async Task<IReadOnlyList<ShownNotification>> FindAsync(
        Viewer viewer, IReadOnlyList<KeptNotification> kept, CancellationToken cancellation)
    {
        if (kept.Count == 0)
            return [];
        var so = standing.FindAsync(kept.Select(one => one.Cause), cancellation);
        var blocked = blocks.BlocksAsync(
            viewer, [.. kept.Select(one => one.What.By).Where(by => !by.IsNone).Distinct()], cancellation);
        var found = FindThingsAsync(kept, cancellation);
        await Task.WhenAll(so, blocked, found);
        var (isSo, without) = (await so, await blocked);
        var shown = (await found)
            .Where(one => isSo.ContainsKey(one.Kept.Cause) && !without.Contains(one.Kept.What.By)).ToList();
        var boards = await BoardsOfAsync(shown, cancellation);
        return [.. shown.Where(one => IsSeen(viewer, one, boards))];
    }

    async Task<IReadOnlyList<ShownNotification>> FindThingsAsync(
        IReadOnlyList<KeptNotification> kept, CancellationToken cancellation)
    {
        var (together, read) = (store.FindTogether(), store.Read());
        var asked = kept.Select(one => Ask(together, read, one)).ToList();
        await Task.WhenAll(together.ExecuteAsync(cancellation), read.ExecuteAsync(cancellation));
        return asked.ConvertAll(answer => answer());
    }

    static Func<ShownNotification> Ask(ObjectBatch together, ReadBatch read, KeptNotification kept)
    {
        var what = kept.What;
        if (what.Kind == NotificationKind.Import)
        {
            var job = read.Find(ImportJob.Type.Id(what.From));
            return () => new ShownNotification(kept) { Import = job.Value };
        }
        var by = together.Find(what.By);
        var board = what.To.Type == Board.Type.Number ? together.Find(Board.Type.Id(what.To)) : null;
        var pin = what.To.Type == Pin.Type.Number ? together.Find(Pin.Type.Id(what.To)) : null;
        var repin = what.From.Type == Pin.Type.Number ? together.Find(Pin.Type.Id(what.From)) : null;
        var comment = what.From.Type == Comment.Type.Number ? together.Find(Comment.Type.Id(what.From)) : null;
        return () => new ShownNotification(kept)
        {
            By = by.Value,
            Board = board?.Value,
            Pin = pin?.Value,
            Repin = repin?.Value,
            Comment = comment?.Value,
        };
    }

    async Task<IReadOnlyDictionary<ObjectId<Board>, Board>> BoardsOfAsync(
        IReadOnlyList<ShownNotification> shown, CancellationToken cancellation)
    {
        List<ObjectId<Board>> ids =
        [
            .. shown.SelectMany(one => new[] { one.Pin, one.Repin }).OfType<Stored<Pin>>()
                .Select(pin => pin.Body.Board).Distinct(),
        ];
        return (await store.FindManyAsync(ids, cancellation)).OfType<Stored<Board>>()
            .ToDictionary(board => board.Id, board => board.Body);
    }

    static bool IsSeen(
        Viewer viewer, ShownNotification one, IReadOnlyDictionary<ObjectId<Board>, Board> boards)
    {
        return one.Kept.What.Kind switch
        {
            NotificationKind.Follow => one.By is not null,
            NotificationKind.BoardFollow => one is { By: not null, Board: { } board }
                && Visibility.CanSee(viewer, board.Body),
            NotificationKind.Repin => one.By is not null && Sees(one.Pin) && Sees(one.Repin),
            NotificationKind.Like => one.By is not null && Sees(one.Pin),
            NotificationKind.Comment => one is { By: not null, Comment: not null } && Sees(one.Pin),
            _ => one.Import is { } import && viewer.Is(import.Body.Owner),
        };

        bool Sees(Stored<Pin>? pin) => pin is not null
            && Visibility.CanSee(viewer, pin.Body, boards.GetValueOrDefault(pin.Body.Board));
    }
}
