using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Following;

/// <summary>What followers log; event ids 200 to 219.</summary>
static partial class FollowerLog
{
    [LoggerMessage(200, LogLevel.Information, "This process ({Worker}) follows shards {Shards} of server {Server}.")]
    public static partial void Claimed(ILogger log, string worker, string shards, string server);

    [LoggerMessage(201, LogLevel.Warning, "Shard {Shard} of server {Server} is not followed any more: {Why}.")]
    public static partial void Lost(ILogger log, ShardId shard, string server, string why);

    [LoggerMessage(202, LogLevel.Warning, "The {Loop} of the followers on server {Server} failed; it is tried again.")]
    public static partial void LoopFailed(ILogger log, string loop, string server, Exception cause);

    [LoggerMessage(203, LogLevel.Warning, "Follower {Follower} could not go on with shard {Shard}; it is tried again.")]
    public static partial void BatchFailed(ILogger log, string follower, ShardId shard, Exception cause);

    [LoggerMessage(204, LogLevel.Debug, "Follower {Follower} failed at {Seq} of shard {Shard}, attempt {Attempt}.")]
    public static partial void AttemptFailed(ILogger log, string follower, long seq, ShardId shard, int attempt,
        Exception cause);

    [LoggerMessage(205, LogLevel.Error, "Follower {Follower} parked {Seq} of shard {Shard}: {Reason}")]
    public static partial void Parked(ILogger log, string follower, long seq, ShardId shard, string reason);

    [LoggerMessage(206, LogLevel.Warning,
        "Follower {Follower} waits, at {Seq} of shard {Shard} and maybe at others; it is tried again: {Reason}")]
    public static partial void Waits(ILogger log, string follower, long seq, ShardId shard, string reason);

    [LoggerMessage(207, LogLevel.Warning,
        "The reserved name on shard {Shard} could not be settled; it is tried again.")]
    public static partial void ReservationNotSettled(ILogger log, ShardId shard, Exception cause);

    [LoggerMessage(208, LogLevel.Information, "{Count} names that were reserved and never claimed were given back.")]
    public static partial void Reaped(ILogger log, int count);

    [LoggerMessage(209, LogLevel.Debug, "The {Loop} of the followers on server {Server} has ended.")]
    public static partial void LoopEnded(ILogger log, string loop, string server, Exception cause);
}
