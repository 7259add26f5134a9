using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Following;

/// <summary>
/// What a worker does with a lane whose transactions go side by side: it reads and begins, and waits for none of them,
/// so that what is in flight occupies no worker. Each ends by itself; where there was no room, that resumes the lane.
/// </summary>
sealed class ConcurrentTurns(
    IConcurrentFollower follower, Handling handling, Attempts attempts, FollowerOptions options, TimeProvider time)
{
    readonly string _name = follower.Name;
    readonly FollowerInterests _interests = follower.Interests;
    readonly int _most = follower.TransactionsOfAShardAtOnceMax;
    readonly int _aheadMax = follower.CursorTransactionsMax ?? options.CursorTransactionsMax;
    readonly InFlightPlaces _places = new(options.TransactionsInFlightMax);

    /// <summary>Begins what was read behind the lane's place.</summary>
    /// <returns>False when there is no room for more until something ends or a cursor is written.</returns>
    public async Task<bool> BeginAsync(FollowerLane lane)
    {
        var inFlight = lane.InFlight!;
        if (await IsFullAsync(lane))
            return false;
        if (inFlight.Ahead.Count == 0)
            inFlight.Ahead = await lane.ReadAsync();
        while (lane.MayHandle && PassToNext(inFlight) is { } item)
        {
            if (item.Newer is { } newer)
                return inFlight.Count == 0 && LeaveToOthers(lane, newer);
            if (IsFull(lane) || !_places.TryTake(lane))
                return false;
            inFlight.Ahead = inFlight.Ahead[1..];
            var begun = new BegunTransaction(item.Seq, ObjectsOf(item));
            var before = inFlight.Begin(begun);
            begun.Run = Task.Run(() => RunAsync(lane, item, begun, before));
        }
        return true;
    }

    /// <summary>Completes when the last in flight has ended, once nothing is begun any more.</summary>
    public Task EndAsync() => _places.EmptyAsync();

    async Task<bool> RunAsync(
        FollowerLane lane, JournalItem item, BegunTransaction begun, IReadOnlyList<Task<bool>> before)
    {
        var isFinished = (await Task.WhenAll(before)).All(isOlderFinished => isOlderFinished)
            && await TryFinishAsync(lane, item);
        lane.InFlight!.End(begun, isFinished);
        _places.GiveBack();
        lane.Resume();
        return isFinished;
    }

    /// <summary>False when the lane has ended before.</summary>
    async Task<bool> TryFinishAsync(FollowerLane lane, JournalItem item)
    {
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.follow");
        activity?.SetTag("pinfold.follower", _name).SetTag("pinfold.shard", lane.Shard.Id.Value)
            .SetTag("pinfold.seq", item.Seq);
        using var kept = CancellationTokenSource.CreateLinkedTokenSource(
            handling.Killed, lane.Lost, lane.Server.Leases.Held);
        while (!lane.IsEnding && !kept.IsCancellationRequested)
        {
            try
            {
                await attempts.HandleOrParkAsync(lane, item, kept.Token);
                return true;
            }
            catch (OperationCanceledException) when (lane.IsEnding || kept.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e)
            {
                if (lane.InFlight!.MaySay(time))
                    attempts.Say(lane, item.Seq, e);
            }
            using var either = CancellationTokenSource.CreateLinkedTokenSource(kept.Token, lane.Ending);
            await Task.Delay(FollowerWorkers.TroubleWait, time, either.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return false;
    }

    /// <summary>Passes what is of no interest; null when all that was read is taken.</summary>
    JournalItem? PassToNext(InFlight inFlight)
    {
        var (ahead, passed) = (inFlight.Ahead, 0);
        while (passed < ahead.Count && ahead[passed] is { Error: null, Transaction: { } transaction }
            && !_interests.Concern(transaction))
            passed++;
        if (passed > 0)
            inFlight.Pass(ahead[passed - 1].Seq);
        inFlight.Ahead = ahead[passed..];
        return passed < ahead.Count ? ahead[passed] : null;
    }

    async ValueTask<bool> IsFullAsync(FollowerLane lane)
    {
        if (lane.Unwritten >= _aheadMax)
            await lane.Server.Cursors.WriteAsync(CancellationToken.None);
        return IsFull(lane);
    }

    bool IsFull(FollowerLane lane) => lane.InFlight!.Count >= _most || lane.Unwritten >= _aheadMax;

    bool LeaveToOthers(FollowerLane lane, NewerEntryException newer)
    {
        lane.Server.Leases.LeaveToOthers(
            lane, new WaitingFollower(_name, lane.Shard.Id, lane.Position + 1, newer.EntryKind));
        return true;
    }

    IReadOnlyCollection<ObjectId> ObjectsOf(JournalItem item) =>
        item.Transaction is { } transaction ? _interests.ObjectsOf(transaction) : [];
}
