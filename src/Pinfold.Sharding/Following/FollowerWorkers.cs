using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Following;

/// <summary>
/// The workers of one follower: so many shards (or batches) side by side, and one more for parked entries, so that
/// neither another follower nor an entry that keeps failing slows it down.
/// </summary>
sealed class FollowerWorkers
{
    /// <summary>How many shards one batch may be gathered from.</summary>
    const int LanesPerBatchMax = 64;

    /// <summary>How long a lane may keep its worker while others wait.</summary>
    static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(1);

    /// <summary>The wait after a server did not answer, or when nothing more may be parked.</summary>
    public static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(1);

    // A lane is in it at most once, so it holds as many as there are shards.
    readonly Channel<FollowerLane> _lanes = Channel.CreateUnbounded<FollowerLane>();
    readonly FollowerOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly Handling _handling;
    readonly Attempts _attempts;
    readonly ConcurrentTurns? _concurrent;
    readonly int _transactionsMax;
    readonly int _lanesMax;

    public FollowerWorkers(
        IFollower follower, FollowerOptions options, TimeProvider time, FollowerMetrics metrics, ILogger log,
        CancellationToken killed)
    {
        (Follower, Name, _options, _time, _log) = (follower, follower.Name, options, time, log);
        Killed = killed;
        _handling = new Handling(follower, options, time, metrics, killed);
        Parked = new ParkedRetries(_handling, follower.Name, options, time, log);
        _attempts = new Attempts(follower.Name, _handling, Parked, options, time, log);
        _concurrent = follower is IConcurrentFollower concurrent
            ? new ConcurrentTurns(concurrent, _handling, _attempts, options, time) : null;
        _transactionsMax = follower is IBatchFollower batches ? batches.TransactionsAtOnceMax : 1;
        _lanesMax = Math.Min(_transactionsMax, LanesPerBatchMax);
        Interests = follower.Interests;
    }

    public IFollower Follower { get; }

    public string Name { get; }

    public FollowerInterests Interests { get; }

    public ParkedRetries Parked { get; }

    CancellationToken Killed { get; }

    public void Enqueue(FollowerLane lane) => _lanes.Writer.TryWrite(lane);

    /// <summary>Completes when, after <see cref="Complete"/>, the last transaction in hand is done.</summary>
    public async Task RunAsync()
    {
        await Task.WhenAll([
            .. Enumerable.Range(0, Follower.ShardsAtOnceMax).Select(_ => Task.Run(RunLanesAsync)),
            // A parked one that waits for its turn keeps those of other shards waiting no more than others do.
            .. Enumerable.Range(0, _concurrent is null ? 1 : Follower.ShardsAtOnceMax)
                .Select(_ => Task.Run(Parked.RunAsync)),
        ]);
        if (_concurrent is not null)
            await _concurrent.EndAsync();
    }

    public void Complete()
    {
        _lanes.Writer.TryComplete();
        Parked.Complete();
    }

    async Task RunLanesAsync()
    {
        while (await _lanes.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var turns = new List<LaneTurn>();
            while (turns.Count < _lanesMax && _lanes.Reader.TryRead(out var lane))
                turns.Add(new LaneTurn(lane));
            if (turns.Count == 0)
                continue; // another worker was faster
            if (_concurrent is not null)
                await TryAsync(turns[0], BeginAsync(turns[0], _concurrent));
            else
                await RunTurnsAsync(turns);
            foreach (var turn in turns)
            {
                turn.Lane.Shard.TrimWindow();
                turn.Lane.End(turn.IsInTrouble ? AfterTrouble() : long.MinValue, turn.IsStalled);
            }
        }
    }

    static async Task BeginAsync(LaneTurn turn, ConcurrentTurns concurrent)
    {
        turn.IsInTrouble = !turn.Lane.MayHandle;
        turn.IsStalled = !turn.IsInTrouble && !await concurrent.BeginAsync(turn.Lane);
    }

    async Task RunTurnsAsync(List<LaneTurn> turns)
    {
        await Task.WhenAll(turns.Select(turn => TryAsync(turn, ReadAsync(turn))));
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.follow");
        activity?.SetTag("pinfold.follower", Name).SetTag("pinfold.shard", turns[0].Lane.Shard.Id.Value)
            .SetTag("pinfold.seq", turns[0].Lane.Position + 1).SetTag("pinfold.shards", turns.Count);
        var start = _time.GetTimestamp();
        do
        {
            var room = _transactionsMax;
            foreach (var turn in turns)
                room -= turn.Take(Interests, room, _options.CursorTransactionsMax);
            var taken = turns.Where(turn => turn.Taken.Count > 0).ToList();
            if (taken.Count == 0)
                break;
            await HandleAsync(taken);
        }
        while (_time.GetElapsedTime(start) <= TurnMax);
        foreach (var turn in turns)
            if (turn.Newer is { } newer)
                turn.Lane.Server.Leases.LeaveToOthers(
                    turn.Lane, new WaitingFollower(Name, turn.Lane.Shard.Id, turn.Lane.Position + 1, newer.EntryKind));
    }

    async Task ReadAsync(LaneTurn turn)
    {
        var lane = turn.Lane;
        if (!lane.MayHandle)
        {
            turn.IsInTrouble = true;
            return;
        }
        if (lane.Unwritten >= _options.CursorTransactionsMax)
            await lane.Server.Cursors.WriteAsync(CancellationToken.None);
        turn.Items = await lane.ReadAsync();
    }

    /// <summary>All at once; should that fail, each by itself, so that only what fails by itself is parked.</summary>
    async Task HandleAsync(List<LaneTurn> turns)
    {
        var count = turns.Sum(turn => turn.Taken.Count);
        if (count > 1)
        {
            var error = await TryBatchAsync(turns);
            if (error is null)
                turns.ForEach(turn => turn.Complete());
            else if (error is FollowerWaitsException or OperationCanceledException)
                foreach (var turn in turns)
                    await TryAsync(turn, Task.FromException(error));
            if (error is null or FollowerWaitsException or OperationCanceledException)
                return;
            FollowerLog.BatchNotHandled(_log, Name, count, error);
        }
        foreach (var turn in turns)
            await TryAsync(turn, HandleAsync(turn));
    }

    async Task<Exception?> TryBatchAsync(List<LaneTurn> turns)
    {
        using var attempt = Link(turns.Select(turn => turn.Lane));
        try
        {
            return await _handling.TryAsync([.. turns.SelectMany(turn => turn.Taken)], turns[0].Lane, attempt.Token);
        }
        catch (OperationCanceledException e)
        {
            return e; // one of its shards was lost: the others come again
        }
    }

    async Task HandleAsync(LaneTurn turn)
    {
        var lane = turn.Lane;
        using var attempt = Link([lane]);
        foreach (var item in turn.Taken)
        {
            if (!lane.MayHandle)
            {
                turn.Fail();
                return;
            }
            await _attempts.HandleOrParkAsync(lane, item, attempt.Token);
            lane.Advance(item.Seq, handled: 1);
        }
        turn.Complete();
    }

    /// <summary>What goes wrong with one shard is no other's trouble.</summary>
    async Task TryAsync(LaneTurn turn, Task work)
    {
        try
        {
            await work;
        }
        catch (JournalTrimmedException e)
        {
            turn.Fail();
            turn.Lane.Server.Leases.LeaveToOthers(
                turn.Lane, WaitingFollower.CutOff(Follower, turn.Lane.Shard.Id, turn.Lane.Taken + 1, e.First));
        }
        catch (Exception e)
        {
            turn.Fail();
            _attempts.Say(turn.Lane, turn.Lane.Position + 1, e);
        }
    }

    CancellationTokenSource Link(IEnumerable<FollowerLane> lanes) => CancellationTokenSource.CreateLinkedTokenSource(
        [Killed, .. lanes.SelectMany(l => new[] { l.Lost, l.Server.Leases.Held })]);

    long AfterTrouble() => _time.GetTimestamp() + (long)(TroubleWait.TotalSeconds * _time.TimestampFrequency);
}
