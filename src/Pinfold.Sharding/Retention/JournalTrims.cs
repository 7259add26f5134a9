using System.Globalization;
using System.Text.Json;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Retention;

/// <summary>
/// The journals' beginnings: what every follower has passed, nobody has parked and is older than the retention can go.
/// </summary>
public sealed class JournalTrims
{
    /// <summary>What a writer's clock may be ahead without its times being of the future.</summary>
    static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <summary>How far this machine's clock and a server's may be apart.</summary>
    static readonly TimeSpan ApartMax = TimeSpan.FromMinutes(10);

    readonly ShardedStore _store;

    /// <summary>Asks the servers of <paramref name="store"/>.</summary>
    public JournalTrims(ShardedStore store) => _store = store;

    /// <summary>How much there is of each journal, and how much of it could go; by shard.</summary>
    /// <param name="shards">Which.</param>
    /// <param name="retention">What is kept in any case.</param>
    /// <param name="cancellation">Ends the looking.</param>
    /// <remarks>Some round trips per server, and one or more for each shard of which something could go.</remarks>
    /// <exception cref="PinfoldException">
    /// NotFound: there are fewer shards. Unavailable: a server did not answer. Conflict: its clock and this machine's
    /// are apart.
    /// </exception>
    public async Task<IReadOnlyList<JournalStatus>> ReadAsync(
        IReadOnlyCollection<ShardId> shards, JournalRetention retention, CancellationToken cancellation = default) =>
        await LookAsync(shards, retention, await NowAsync(shards, cancellation), cancellation);

    /// <summary>Trims the journals of these shards, as far as nothing needs them: a step for each server.</summary>
    /// <param name="shards">Which.</param>
    /// <param name="retention">What is kept in any case.</param>
    /// <param name="busy">Of which of them an operation is under way that is to be left in peace, and which.</param>
    /// <param name="cancellation">Ends the planning.</param>
    /// <returns>Without steps where nothing can go.</returns>
    /// <exception cref="PinfoldException">As <see cref="ReadAsync"/>.</exception>
    public async Task<OperationPlan> PlanAsync(
        IReadOnlyCollection<ShardId> shards, JournalRetention retention,
        IReadOnlyDictionary<ShardId, string>? busy = null, CancellationToken cancellation = default)
    {
        var free = shards.Where(shard => busy?.ContainsKey(shard) != true).ToList();
        var nowMs = await NowAsync(free, cancellation);
        var found = await LookAsync(free, retention, nowMs, cancellation);
        var byServer = found.Where(status => status.Trimmable > 0).GroupBy(status => status.Server).ToList();
        var cutoff = DateTimeOffset.FromUnixTimeMilliseconds(nowMs) - retention.Keep;
        var before = string.Create(CultureInfo.InvariantCulture, $"{cutoff:yyyy-MM-dd HH:mm} UTC");
        return new OperationPlan(
            TrimKind.KindName, $"trim journals to what was written since {before}",
            JsonSerializer.SerializeToElement(
                new TrimChange(cutoff.ToUnixTimeMilliseconds(), nowMs + (long)Ahead.TotalMilliseconds, retention.Rows,
                    byServer.ToDictionary(s => s.Key, s => ShardRuns.Text(s.Select(status => status.Shard)))),
                RetentionJson.Default.TrimChange),
            [.. byServer.Select(here => new PlannedStep(
                "trim", here.Key, $"what is older than {before} and nobody needs is gone",
                here.Sum(status => status.Trimmable), "transactions"))],
            [.. byServer.SelectMany(here => here).Select(status => $"shard {status.Shard}")],
            [.. Notes(found, busy)]);
    }

    static IEnumerable<string> Notes(IReadOnlyList<JournalStatus> found, IReadOnlyDictionary<ShardId, string>? busy)
    {
        if (found.All(status => status.Trimmable == 0))
            yield return "Nothing can go now.";
        foreach (var operation in (busy ?? new Dictionary<ShardId, string>()).GroupBy(b => b.Value, b => b.Key))
            yield return $"Shards {ShardRuns.Text(operation)} are left out: operation {operation.Key} changes them.";
        // What was parked or is far behind is told; that something is young, or among the newest, is as it should be.
        foreach (var held in found.Where(status => status.HeldBy.StartsWith("follower", StringComparison.Ordinal))
            .GroupBy(status => status.Slowest).Take(10))
            yield return $"Shard {held.First().Shard} is held back at {held.First().TrimmableTo}: "
                + $"{held.First().HeldBy}" + (held.Count() > 1 ? $" (and {held.Count() - 1} shards more)." : ".");
        yield return "What goes is gone: a write that is done again under its name after that is done twice, and a new "
            + "follower begins later.";
    }

    async Task<IReadOnlyList<JournalStatus>> LookAsync(
        IReadOnlyCollection<ShardId> shards, JournalRetention retention, long nowMs, CancellationToken cancellation)
    {
        var followers = await FollowersAsync(_store, cancellation);
        var (cutoffMs, futureMs) =
            (nowMs - (long)retention.Keep.TotalMilliseconds, nowMs + (long)Ahead.TotalMilliseconds);
        var looks = _store.Topology.ServersFor(shards.Order()).Select(async part => await new JournalLook(
            await ServerAsync(part.Server), retention, cutoffMs, futureMs)
            .RunAsync(part.Shards, followers, cancellation));
        return [.. (await Task.WhenAll(looks)).SelectMany(found => found).OrderBy(status => status.Shard)];
    }

    /// <summary>
    /// The earliest of this machine's clock and the servers', so that none of them alone can make the young old.
    /// </summary>
    async Task<long> NowAsync(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var earliest = long.MaxValue;
        foreach (var part in _store.Topology.ServersFor(shards.Order()))
        {
            var theirs = await (await ServerAsync(part.Server)).Trim.ReadClockAsync(cancellation);
            var ours = _store.Time.GetUtcNow().ToUnixTimeMilliseconds();
            if (Math.Abs(theirs - ours) > ApartMax.TotalMilliseconds)
                throw new PinfoldException(ErrorKind.Conflict,
                    $"The clocks of this machine and of server {part.Server.Name} are "
                    + (Math.Abs(theirs - ours) / 60_000).ToString(CultureInfo.InvariantCulture)
                    + " minutes apart, so what is old is not known: set the wrong one right first.");
            earliest = Math.Min(earliest, Math.Min(theirs, ours));
        }
        return earliest == long.MaxValue ? _store.Time.GetUtcNow().ToUnixTimeMilliseconds() : earliest;
    }

    /// <summary>Every follower that has a place on any shard. One round trip per server.</summary>
    internal static async Task<IReadOnlyList<string>> FollowersAsync(
        ShardedStore store, CancellationToken cancellation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var server in store.Topology.Servers)
            if (store.Topology.ShardsOn(server.Name) is { Count: > 0 } shards)
                names.UnionWith((await (await store.Servers.GetAsync(server)).Server.Cursors
                    .ReadCursorsAsync(shards, cancellation)).Select(cursor => cursor.Follower));
        return [.. names];
    }

    async ValueTask<IShardServer> ServerAsync(ServerSpec server) => (await _store.Servers.GetAsync(server)).Server;
}
