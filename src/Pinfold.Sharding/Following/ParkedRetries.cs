using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Puts aside what one follower could not handle, and tries it again when it is due, one shard after the other.
/// </summary>
sealed class ParkedRetries(
    Handling handling, string follower, FollowerOptions options, TimeProvider time, ILogger log)
{
    const int PerRoundMax = 20;

    /// <summary>The wait after a server did not answer.</summary>
    static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(1);

    /// <summary>By so much clocks may differ, or be put back, without anything being tried too early.</summary>
    static readonly TimeSpan ClockErrorMax = TimeSpan.FromMinutes(1);

    // A lane is in it at most once, so it holds as many as there are shards.
    readonly Channel<FollowerLane> _lanes = Channel.CreateUnbounded<FollowerLane>();

    public void Enqueue(FollowerLane lane) => _lanes.Writer.TryWrite(lane);

    public void Complete() => _lanes.Writer.TryComplete();

    /// <summary>One at a time of a lane, so that no more are parked than may be.</summary>
    public async Task ParkAsync(
        FollowerLane lane, JournalItem item, int attempts, Exception error, CancellationToken cancellation)
    {
        if (lane.InFlight is not { Parking: var parking })
        {
            await ParkAloneAsync(lane, item, attempts, error, cancellation);
            return;
        }
        await parking.WaitAsync(cancellation);
        try
        {
            await ParkAloneAsync(lane, item, attempts, error, cancellation);
        }
        finally
        {
            parking.Release();
        }
    }

    public async Task RunAsync()
    {
        await foreach (var lane in _lanes.Reader.ReadAllAsync(CancellationToken.None))
        {
            var notBeforeMs = long.MinValue;
            try
            {
                await RetryAsync(lane);
            }
            catch (Exception e)
            {
                if (!lane.IsEnding && !lane.Server.TrySay(e))
                    FollowerLog.BatchFailed(log, follower, lane.Shard.Id, e);
                notBeforeMs = (time.GetUtcNow() + TroubleWait).ToUnixTimeMilliseconds();
            }
            lane.EndRetrying(notBeforeMs);
        }
    }

    /// <summary>Reads how many entries are parked, and when the first is due.</summary>
    public static async Task RefreshAsync(FollowerLane lane, CancellationToken cancellation)
    {
        for (var isSet = false; !isSet;)
        {
            var parkings = lane.Parkings;
            var sums = await lane.Server.Server.Cursors.SumParkedAsync([lane.Shard.Id], cancellation);
            isSet = lane.TrySetParked(sums.FirstOrDefault(s => s.Follower == lane.Follower), parkings);
        }
    }

    /// <summary>
    /// Whether a parked entry is to be tried. No wait is longer than the longest: what is further away was set by a
    /// clock that was wrong.
    /// </summary>
    public bool IsDue(long nextAtMs, long nowMs) =>
        nextAtMs <= nowMs || nextAtMs - nowMs > (options.ParkedRetryMax + ClockErrorMax).TotalMilliseconds;

    async Task ParkAloneAsync(
        FollowerLane lane, JournalItem item, int attempts, Exception error, CancellationToken cancellation)
    {
        if (lane.ParkedCount >= options.ParkedMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"{options.ParkedMax} entries of {follower} are parked on shard {lane.Shard.Id}; "
                + $"it waits at {item.Seq}.", error);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new ParkedRow(
            lane.Shard.Id, follower, item.Seq, attempts, nowMs, nowMs + WaitMs(1), Reason(error));
        if (!await lane.Server.Server.Cursors.ParkAsync(lane.Claim, row, cancellation))
        {
            lane.Server.Leases.Lose([lane], "another process has claimed them");
            cancellation.ThrowIfCancellationRequested();
        }
        lane.Park(row.NextAtMs);
        FollowerLog.Parked(log, follower, item.Seq, lane.Shard.Id, row.Reason);
    }

    async Task RetryAsync(FollowerLane lane)
    {
        if (!lane.MayHandle)
            return;
        var cursors = lane.Server.Server.Cursors;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(
            lane.Lost, lane.Server.Leases.Held, handling.Killed);
        var first = await cursors.ReadParkedAsync(
            [lane.Shard.Id], follower, ParkedRow.Never - 1, PerRoundMax, attempt.Token);
        foreach (var row in first)
        {
            if (!lane.MayHandle)
                return;
            if (!IsDue(row.NextAtMs, time.GetUtcNow().ToUnixTimeMilliseconds()))
                continue;
            var item = await ReadAsync(lane, row.Seq, attempt.Token);
            if (await handling.TryAsync([item], lane, attempt.Token) is { } error)
            {
                var nextMs = time.GetUtcNow()
                    .ToUnixTimeMilliseconds() + WaitMs(row.Attempts + 2 - options.AttemptsBeforeParking);
                await cursors.RescheduleAsync(
                    row with { Attempts = row.Attempts + 1, NextAtMs = nextMs, Reason = Reason(error) }, attempt.Token);
            }
            else
                await cursors.UnparkAsync(lane.Shard.Id, follower, row.Seq, attempt.Token);
        }
        await RefreshAsync(lane, attempt.Token);
    }

    static async Task<JournalItem> ReadAsync(FollowerLane lane, long seq, CancellationToken cancellation)
    {
        var read = new JournalRead(lane.Shard.Id, seq - 1, 1);
        await lane.Server.Server.ReadAsync([read], cancellation);
        return read.Rows is [{ } journal] && journal.Seq == seq
            ? JournalItem.Of(lane.Shard.Id, journal)
            : new(seq, null,
                new PinfoldException(ErrorKind.NotFound, $"Shard {lane.Shard.Id} has no journal row {seq}."));
    }

    /// <summary>The wait before the n-th retry of a parked entry.</summary>
    long WaitMs(int retry) => (long)Math.Min(
        options.ParkedRetryMax.TotalMilliseconds,
        options.ParkedRetryFirst.TotalMilliseconds * Math.Pow(2, Math.Max(0, retry - 1)));

    static string Reason(Exception e)
    {
        var text = e is PinfoldException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        return text.Cut(ParkedRow.ReasonLengthMax);
    }
}
