using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>
/// Has a copy become the shard: the source is closed by its fence, what is left is applied and compared, the copy is
/// opened under the next epoch, the source hidden, the map published.
/// </summary>
/// <remarks>
/// The order matters. Writes are refused before the last journal number is read, so none is lost. The source is
/// hidden before the map says where the shard is, so a reader with the old map never reads what is old: it is refused,
/// and looks again. From the opening on there is no way but on; before it, whatever fails opens the source again.
/// </remarks>
sealed class ShardSwitch(
    MovedShard move, Func<Func<TopologyMap, TopologyMap>, CancellationToken, ValueTask<TopologyMap>> publish)
{
    /// <summary>Whether the copy has become the shard, and there is no way but on.</summary>
    public async ValueTask<bool> IsDecidedAsync(CancellationToken cancellation)
    {
        var marks = await move.Target.Copies.ListMarksAsync(cancellation);
        if (marks.Any(mark => mark.Shard == move.Shard))
            return false;
        var there = await move.Target.ListShardsAsync(cancellation);
        return there.Contains(move.Shard)
            && await move.ReadTargetRowAsync(cancellation) is { State: ShardState.Open } row
            && row.Epoch == move.NextEpoch;
    }

    /// <summary>Does all of it, or goes on with it.</summary>
    public async ValueTask RunAsync(VerifyPlace verified, CancellationToken cancellation)
    {
        if (!await IsDecidedAsync(cancellation))
            await DecideAsync(verified, cancellation);
        // Nobody can write before this is done: it is not broken off.
        await FinishAsync(CancellationToken.None);
    }

    /// <summary>Goes on from where there is no way but on.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellation)
    {
        await move.Source.Copies.LeaveAsync(move.Shard, move.By, cancellation);
        await publish(map => map.Shard(move.Shard) is var place && place.Server.Name == move.Target.Name
            && place.Epoch == move.NextEpoch
            ? map : map.WithRanges(new HashSet<ShardId> { move.Shard },
                range => range with { Server = move.Target.Name, Epoch = move.NextEpoch }), cancellation);
    }

    async ValueTask DecideAsync(VerifyPlace verified, CancellationToken cancellation)
    {
        try
        {
            var closed = await move.Source.Copies.CloseAsync(move.Shard, move.By, cancellation);
            var compared = await new ShardVerifier(move, new CopyPace(0, TimeProvider.System))
                .CompareSinceAsync(verified, cancellation);
            if (compared.From != closed.LastSeq)
                throw MarkErrors.NotWhole(move.Shard, move.Target.Name, closed.LastSeq, compared.From);
            var followers = await move.Source.Copies.FreezeFollowersAsync(move.Shard, move.By, cancellation);
            await move.Target.Copies.OpenAsync(
                move.Shard, closed, followers, move.NextEpoch, move.By, cancellation);
        }
        catch (Exception)
        {
            await TryReopenAsync();
            throw;
        }
    }

    /// <summary>Unless the copy was opened, though nobody heard of it.</summary>
    async ValueTask TryReopenAsync()
    {
        try
        {
            if (!await IsDecidedAsync(CancellationToken.None))
                await move.Source.Copies.ReopenAsync(move.Shard, keepsMark: true, move.By, CancellationToken.None);
        }
        catch (PinfoldException)
        {
            // What failed first is told; whoever resumes finds the shard closed, and goes on.
        }
    }
}
