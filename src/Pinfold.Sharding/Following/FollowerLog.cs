using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Following;

/// <summary>What followers log; event ids 200 to 219.</summary>
static partial class FollowerLog
{
    [LoggerMessage(200, LogLevel.Information,
        "This process ({Worker}) runs follower {Follower} on shards {Shards} of server {Server}.")]
    public static partial void Claimed(ILogger log, string worker, string follower, string shards, string server);

    [LoggerMessage(201, LogLevel.Warning,
        "Follower {Follower} does not run here any more on shards {Shards} of server {Server}: {Why}.")]
    public static partial void Lost(ILogger log, string follower, string shards, string server, string why);

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

    [LoggerMessage(210, LogLevel.Warning,
        "Follower {Follower} waits at {Seq} of shard {Shard}: this program does not know entries of kind \"{Kind}\". "
        + "The shard is left to a newer one.")]
    public static partial void WaitsForNewer(ILogger log, string follower, long seq, ShardId shard, string kind);

    [LoggerMessage(211, LogLevel.Warning,
        "What {Follower} of this process knows of shards {Shards} may be behind other processes: {Why}")]
    public static partial void Forgets(ILogger log, string follower, string shards, string why);

    [LoggerMessage(212, LogLevel.Warning,
        "{Follower} of this process could not be told what is new; it is told again.")]
    public static partial void NotTold(ILogger log, string follower, Exception cause);

    [LoggerMessage(213, LogLevel.Warning,
        "The followers of this process may be behind other processes on server {Server}; it is asked again: {Problem}")]
    public static partial void LookFailed(ILogger log, string server, string problem);

    [LoggerMessage(215, LogLevel.Warning,
        "Server {Server} does not serve the followers of shards {Shards}; it is tried again: {Reason}")]
    public static partial void ServerFailed(ILogger log, string server, string shards, string reason);

    [LoggerMessage(216, LogLevel.Error,
        "The journal of shard {Shard} begins at {Begin}, for it was trimmed, and follower {Follower} stands before "
        + "{Seq}: it has to be made anew ({How}); then \"pinfold follower rebuilt {Follower}\" has it go on.")]
    public static partial void IsCutOff(
        ILogger log, string follower, ShardId shard, long begin, long seq, string how);

    [LoggerMessage(214, LogLevel.Debug,
        "Follower {Follower} failed at a batch of {Count} transactions; each is tried by itself.")]
    public static partial void BatchNotHandled(ILogger log, string follower, int count, Exception cause);
}
