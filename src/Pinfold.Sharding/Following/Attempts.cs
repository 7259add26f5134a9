using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Has one follower handle one transaction, again if it fails, and parks it after that. What keeps it from that (a
/// server that is down, too many parked, a follower that waits, the end of the lane) is thrown.
/// </summary>
sealed class Attempts(
    string follower, Handling handling, ParkedRetries parked, FollowerOptions options, TimeProvider time, ILogger log)
{
    static readonly TimeSpan SilenceAfterWaiting = TimeSpan.FromMinutes(1);

    readonly Lock _saying = new();
    long? _saidAt;

    /// <summary>Handled or parked, when it returns.</summary>
    public async Task HandleOrParkAsync(FollowerLane lane, JournalItem item, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await handling.TryAsync([item], lane, cancellation) is not { } error)
                return;
            if (error is FollowerWaitsException waits)
                throw waits;
            FollowerLog.AttemptFailed(log, follower, item.Seq, lane.Shard.Id, attempt, error);
            if (attempt >= options.AttemptsBeforeParking || item.Error is not null)
            {
                await parked.ParkAsync(lane, item, attempt, error, cancellation);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50 << (2 * Math.Min(attempt - 1, 4))), time, cancellation);
        }
    }

    /// <summary>Says what keeps a lane where it is, unless that is its end.</summary>
    public void Say(FollowerLane lane, long seq, Exception cause)
    {
        if (cause is FollowerWaitsException waits)
            SayThatItWaits(lane, seq, waits);
        else if (!lane.IsEnding && !lane.Server.TrySay(cause))
            FollowerLog.BatchFailed(log, follower, lane.Shard.Id, cause);
    }

    /// <summary>What is down is down for every shard: it is said once, and then once a minute.</summary>
    void SayThatItWaits(FollowerLane lane, long seq, FollowerWaitsException cause)
    {
        lock (_saying)
        {
            if (_saidAt is { } at && time.GetElapsedTime(at) < SilenceAfterWaiting)
                return;
            _saidAt = time.GetTimestamp();
        }
        FollowerLog.Waits(log, follower, seq, lane.Shard.Id, cause.Message);
    }
}
