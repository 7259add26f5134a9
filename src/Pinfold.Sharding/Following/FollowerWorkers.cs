using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Following;

/// <summary>
/// The workers of one follower: so many shards side by side, and one more for parked entries, so that neither another
/// follower nor an entry that keeps failing slows it down.
/// </summary>
sealed class FollowerWorkers(
    IFollower follower, FollowerOptions options, TimeProvider time, FollowerMetrics metrics, ILogger log,
    CancellationToken killed)
{
    const int ParkedPerRoundMax = 20;

    /// <summary>How long a lane may keep its worker while others wait.</summary>
    static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(1);

    /// <summary>The wait after a server did not answer, or when nothing more may be parked.</summary>
    static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(1);

    static readonly TimeSpan SilenceAfterWaiting = TimeSpan.FromMinutes(1);

    /// <summary>By so much clocks may differ, or be put back, without anything being tried too early.</summary>
    static readonly TimeSpan ClockErrorMax = TimeSpan.FromMinutes(1);

    // A lane is in each at most once, so they hold as many as there are shards.
    readonly Channel<FollowerLane> _lanes = Channel.CreateUnbounded<FollowerLane>();
    readonly Channel<FollowerLane> _parked = Channel.CreateUnbounded<FollowerLane>(new() { SingleReader = true });

    readonly Lock _saying = new();
    long? _saidAt;

    public IFollower Follower => follower;

    public void Enqueue(FollowerLane lane) => _lanes.Writer.TryWrite(lane);

    public void EnqueueParked(FollowerLane lane) => _parked.Writer.TryWrite(lane);

    /// <summary>Completes when, after <see cref="Complete"/>, the last transaction in hand is done.</summary>
    public Task RunAsync() => Task.WhenAll([
        .. Enumerable.Range(0, follower.ShardsAtOnceMax).Select(_ => Task.Run(RunLanesAsync)),
        Task.Run(RunParkedAsync),
    ]);

    public void Complete()
    {
        _lanes.Writer.TryComplete();
        _parked.Writer.TryComplete();
    }

    async Task RunLanesAsync()
    {
        await foreach (var lane in _lanes.Reader.ReadAllAsync(CancellationToken.None))
        {
            lane.Begin();
            var isInTrouble = !lane.Shard.MayHandle;
            try
            {
                if (!isInTrouble)
                    await RunBatchAsync(lane);
            }
            catch (FollowerWaitsException e)
            {
                isInTrouble = true;
                SayThatItWaits(lane, e);
            }
            catch (Exception e)
            {
                isInTrouble = true;
                if (!lane.Shard.IsEnding)
                    FollowerLog.BatchFailed(log, follower.Name, lane.Shard.Id, e);
            }
            lane.Shard.TrimWindow();
            lane.End(isInTrouble ? time.GetTimestamp() + (long)(TroubleWait.TotalSeconds * time.TimestampFrequency)
                : long.MinValue);
        }
    }

    /// <summary>What is down is down for every shard: it is said once, and then once a minute.</summary>
    void SayThatItWaits(FollowerLane lane, FollowerWaitsException cause)
    {
        lock (_saying)
        {
            if (_saidAt is { } at && time.GetElapsedTime(at) < SilenceAfterWaiting)
                return;
            _saidAt = time.GetTimestamp();
        }
        FollowerLog.Waits(log, follower.Name, lane.Position + 1, lane.Shard.Id, cause.Message);
    }

    async Task RunBatchAsync(FollowerLane lane)
    {
        var shard = lane.Shard;
        if (lane.Position - lane.Written >= options.CursorTransactionsMax)
            await shard.Server.WriteCursorsAsync(CancellationToken.None);
        var signals = lane.Signals;
        var items = await shard.Window.ReadAsync(shard.Server.Server, lane.Position, shard.Lost);
        if (items.Count == 0)
        {
            lane.EndedHere(signals);
            return;
        }
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.follow");
        activity?.SetTag("pinfold.follower", follower.Name).SetTag("pinfold.shard", shard.Id.Value)
            .SetTag("pinfold.seq", items[0].Seq);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(shard.Lost, killed);
        var start = time.GetTimestamp();
        foreach (var item in items)
        {
            if (!shard.MayHandle || lane.Position - lane.Written >= options.CursorTransactionsMax
                || time.GetElapsedTime(start) > TurnMax)
                break;
            await HandleOrParkAsync(lane, item, attempt.Token);
            lane.Advance(item.Seq);
            shard.Server.CursorMoved(shard);
        }
    }

    async Task HandleOrParkAsync(FollowerLane lane, JournalItem item, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryHandleAsync(item, cancellation) is not { } error)
                return;
            if (error is FollowerWaitsException)
                ExceptionDispatchInfo.Throw(error);
            FollowerLog.AttemptFailed(log, follower.Name, item.Seq, lane.Shard.Id, attempt, error);
            if (attempt >= options.AttemptsBeforeParking || item.Error is not null)
            {
                await ParkAsync(lane, item, attempt, error, cancellation);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50 << (2 * Math.Min(attempt - 1, 4))), time, cancellation);
        }
    }

    /// <summary>Null when it was handled, else why not. Throws only when the shard is lost.</summary>
    async ValueTask<Exception?> TryHandleAsync(JournalItem item, CancellationToken cancellation)
    {
        if (item.Error is not null)
            return item.Error;
        using var limit = new CancellationTokenSource(options.HandlingMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await follower.HandleAsync(item.Transaction!, either.Token);
            metrics.Handled(follower.Name);
            return null;
        }
        catch (Exception e)
        {
            cancellation.ThrowIfCancellationRequested();
            metrics.Failed(follower.Name);
            return limit.IsCancellationRequested
                ? new PinfoldException(ErrorKind.DeadlineExceeded,
                    $"It was not handled within {options.HandlingMax.TotalSeconds} s.", e)
                : e;
        }
    }

    async Task ParkAsync(FollowerLane lane, JournalItem item, int attempts, Exception error,
        CancellationToken cancellation)
    {
        if (lane.ParkedCount >= options.ParkedMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"{options.ParkedMax} entries of {follower.Name} are parked on shard {lane.Shard.Id}; "
                + $"it waits at {item.Seq}.", error);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new ParkedRow(lane.Shard.Id, follower.Name, item.Seq, attempts, nowMs, nowMs + WaitMs(1),
            Reason(error));
        if (!await lane.Shard.Server.Cursors.ParkAsync(lane.Shard.Claim, row, cancellation))
        {
            lane.Shard.Server.Lose(lane.Shard, "another process has claimed it");
            cancellation.ThrowIfCancellationRequested();
        }
        lane.Parked(row.NextAtMs);
        FollowerLog.Parked(log, follower.Name, item.Seq, lane.Shard.Id, row.Reason);
    }

    async Task RunParkedAsync()
    {
        await foreach (var lane in _parked.Reader.ReadAllAsync(CancellationToken.None))
        {
            var notBeforeMs = long.MinValue;
            try
            {
                await RetryParkedAsync(lane);
            }
            catch (Exception e)
            {
                if (!lane.Shard.IsEnding)
                    FollowerLog.BatchFailed(log, follower.Name, lane.Shard.Id, e);
                notBeforeMs = (time.GetUtcNow() + TroubleWait).ToUnixTimeMilliseconds();
            }
            lane.EndRetrying(notBeforeMs);
        }
    }

    async Task RetryParkedAsync(FollowerLane lane)
    {
        var (shard, cursors) = (lane.Shard, lane.Shard.Server.Cursors);
        if (!shard.MayHandle)
            return;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(shard.Lost, killed);
        var first = await cursors.ReadParkedAsync(
            [shard.Id], follower.Name, long.MaxValue, ParkedPerRoundMax, attempt.Token);
        foreach (var row in first)
        {
            if (!shard.MayHandle)
                return;
            if (!IsDue(row.NextAtMs, time.GetUtcNow().ToUnixTimeMilliseconds()))
                continue;
            var read = new JournalRead(shard.Id, row.Seq - 1, 1);
            await shard.Server.Server.ReadAsync([read], attempt.Token);
            var item = read.Rows is [{ } journal] && journal.Seq == row.Seq
                ? JournalItem.Of(shard.Id, journal)
                : new(row.Seq, null,
                    new PinfoldException(ErrorKind.NotFound, $"Shard {shard.Id} has no journal row {row.Seq}."));
            if (await TryHandleAsync(item, attempt.Token) is { } error)
            {
                var nextMs = time.GetUtcNow()
                    .ToUnixTimeMilliseconds() + WaitMs(row.Attempts + 2 - options.AttemptsBeforeParking);
                await cursors.RescheduleAsync(
                    row with { Attempts = row.Attempts + 1, NextAtMs = nextMs, Reason = Reason(error) }, attempt.Token);
            }
            else
                await cursors.UnparkAsync(shard.Id, follower.Name, row.Seq, attempt.Token);
        }
        await RefreshParkedAsync(lane, attempt.Token);
    }

    /// <summary>Reads how many entries are parked, and when the first is due.</summary>
    public static async Task RefreshParkedAsync(FollowerLane lane, CancellationToken cancellation)
    {
        for (var isSet = false; !isSet;)
        {
            var parkings = lane.Parkings;
            var sums = await lane.Shard.Server.Cursors.SumParkedAsync(lane.Shard.Id, cancellation);
            isSet = lane.TrySetParked(sums.FirstOrDefault(s => s.Follower == lane.Follower), parkings);
        }
    }

    /// <summary>
    /// Whether a parked entry is to be tried. No wait is longer than the longest: what is further away was set by a
    /// clock that was wrong.
    /// </summary>
    public bool IsDue(long nextAtMs, long nowMs) =>
        nextAtMs <= nowMs || nextAtMs - nowMs > (options.ParkedRetryMax + ClockErrorMax).TotalMilliseconds;

    /// <summary>The wait before the n-th retry of a parked entry.</summary>
    long WaitMs(int retry) => (long)Math.Min(
        options.ParkedRetryMax.TotalMilliseconds,
        options.ParkedRetryFirst.TotalMilliseconds * Math.Pow(2, Math.Max(0, retry - 1)));

    static string Reason(Exception e)
    {
        var text = e is PinfoldException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        return text.Length <= ParkedRow.ReasonLengthMax ? text : text[..ParkedRow.ReasonLengthMax];
    }
}
