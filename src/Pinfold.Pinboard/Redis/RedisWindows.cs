using StackExchange.Redis;

namespace Pinfold.Pinboard.Redis;

/// <summary>
/// Counts exactly how often something was done within the last minute, over all processes, by the clock of Redis.
/// </summary>
/// <remarks>
/// A sorted set for each: what was let through, by when. Refusals leave nothing, so who keeps knocking is let in as
/// soon as who waits.
/// </remarks>
sealed class RedisWindows(RedisLink link, string prefix)
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    const string Script =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local window = tonumber(ARGV[2]) * 1000
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
          local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
          return math.ceil((first[2] + window - now) / 1000)
        end
        redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 0
        """;

    /// <summary>Null: it is let through, and counted. Else how long until it would be. One round trip.</summary>
    /// <exception cref="RedisUnavailableException">It cannot be told.</exception>
    public async Task<TimeSpan?> TryAsync(string policy, string who, int perMinute, CancellationToken cancellation)
    {
        RedisKey key = $"{prefix}:limits:{policy}:{who}";
        var answer = await link.AskAsync("limit", db => db.ScriptEvaluateAsync(
            Script, [key], [perMinute, (long)Window.TotalMilliseconds, Guid.NewGuid().ToByteArray()],
            CommandFlags.DemandMaster), cancellation);
        var waitMs = (long)answer;
        return waitMs <= 0 ? null : TimeSpan.FromMilliseconds(waitMs);
    }
}
