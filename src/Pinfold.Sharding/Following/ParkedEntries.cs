using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Following;

/// <summary>A transaction that a follower could not handle; it is tried again at <see cref="NextAttemptAt"/>.</summary>
/// <param name="Follower">Whose entry it is.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Seq">The transaction's number in that shard's journal.</param>
/// <param name="Attempts">How often it was tried so far.</param>
/// <param name="ParkedAt">When it was parked, by the clock of the process that did.</param>
/// <param name="NextAttemptAt">Not tried again before; the waits double up to an hour, and it is never given up by
/// itself. In the year 9999 for one that was skipped.</param>
/// <param name="Reason">Why the last attempt failed; of one that was skipped, first why it was.</param>
public sealed record ParkedEntry(
    string Follower, ShardId Shard, long Seq, int Attempts, DateTimeOffset ParkedAt, DateTimeOffset NextAttemptAt,
    string Reason)
{
    /// <summary>Whether somebody has decided that it is not tried any more.</summary>
    public bool IsSkipped => NextAttemptAt.ToUnixTimeMilliseconds() == ParkedRow.Never;
}

/// <summary>The entries that followers have parked, of all shards; needs no running host in this process.</summary>
public sealed class ParkedEntries
{
    const int PerShardMax = 10_000;
    const int SkipReasonLengthMax = 300;
    readonly ShardedStore _store;

    /// <summary>Asks the servers of <paramref name="store"/>.</summary>
    public ParkedEntries(ShardedStore store) => _store = store;

    /// <summary>What is parked or skipped, by shard, due first first. One round trip per server.</summary>
    /// <param name="follower">Null for all.</param>
    /// <param name="perShard">At most so many of each shard, 1 to 10,000.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public async Task<IReadOnlyList<ParkedEntry>> ListAsync(
        string? follower = null, int perShard = 100, CancellationToken cancellation = default)
    {
        if (perShard is < 1 or > PerShardMax)
            throw PinfoldException.Invalid(
                $"{perShard} entries of each shard were asked for; 1 to {PerShardMax} is right.");
        var checkedName = follower is null ? null : FollowerNames.Checked(follower);
        var entries = new List<ParkedEntry>();
        foreach (var server in _store.Topology.Servers)
            if (_store.Topology.ShardsOn(server.Name) is { Count: > 0 } shards)
                entries.AddRange((await (await _store.Servers.GetAsync(server)).Server.Cursors.ReadParkedAsync(
                    shards, checkedName, long.MaxValue, perShard, cancellation)).Select(ToEntry));
        return entries;
    }

    /// <summary>
    /// Has an entry tried again within about a second, wherever its shard is followed; false if it is not parked.
    /// </summary>
    public async Task<bool> RetryNowAsync(ShardId shard, string follower, long seq,
        CancellationToken cancellation = default)
    {
        var server = await ServerOfAsync(shard);
        if (await FindAsync(server, shard, follower, seq, cancellation) is not { } row)
            return false;
        await server.Cursors.RescheduleAsync(row with { NextAtMs = 0 }, cancellation);
        await server.Coordination.SendWakeupsAsync([new Wakeup(WakeupTopic.Parked, shard, 0)], cancellation);
        return true;
    }

    /// <summary>
    /// Has all entries of a follower tried again within about a second; how many. Those that were skipped stay so. Two
    /// round trips per server, and one more where there are any.
    /// </summary>
    public async Task<int> RetryAllNowAsync(string follower, CancellationToken cancellation = default)
    {
        var retried = 0;
        foreach (var server in _store.Topology.Servers)
            if (_store.Topology.ShardsOn(server.Name) is { Count: > 0 } shards)
            {
                var opened = (await _store.Servers.GetAsync(server)).Server;
                retried += await opened.Cursors.MakeDueAsync(shards, FollowerNames.Checked(follower), cancellation);
                var parked = await opened.Cursors.SumParkedAsync(shards, cancellation);
                var toWake = parked.Where(p => p.Follower == follower).Select(p => p.Shard).ToList();
                if (toWake.Count > 0)
                    await opened.Coordination.SendWakeupsAsync(
                        toWake.ConvertAll(shard => new Wakeup(WakeupTopic.Parked, shard, 0)), cancellation);
            }
        return retried;
    }

    /// <summary>
    /// Has an entry not tried any more. It stays in the list with <paramref name="reason"/>, and can be tried all the
    /// same with <see cref="RetryNowAsync"/>. False if it is not parked.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="follower">Whose entry.</param>
    /// <param name="seq">Which.</param>
    /// <param name="reason">Why, for whoever looks later: 1 to 300 characters.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="PinfoldException">Invalid: the reason is empty or too long.</exception>
    public async Task<bool> SkipAsync(ShardId shard, string follower, long seq, string reason,
        CancellationToken cancellation = default)
    {
        if (reason.Trim() is not { Length: > 0 and <= SkipReasonLengthMax } why)
            throw PinfoldException.Invalid(
                $"Say in 1 to {SkipReasonLengthMax} characters why it is skipped; whoever looks later reads it.");
        var server = await ServerOfAsync(shard);
        if (await FindAsync(server, shard, follower, seq, cancellation) is not { } row)
            return false;
        var both = $"Skipped: {why} | {row.Reason}";
        await server.Cursors.RescheduleAsync(row with
        {
            NextAtMs = ParkedRow.Never,
            Reason = row.NextAtMs == ParkedRow.Never ? row.Reason
                : both.Cut(ParkedRow.ReasonLengthMax),
        }, cancellation);
        await server.Coordination.SendWakeupsAsync([new Wakeup(WakeupTopic.Parked, shard, 0)], cancellation);
        return true;
    }

    /// <summary>
    /// Gives an entry up for good, and every trace of it: the follower will never have handled it. False if it is not
    /// parked.
    /// </summary>
    public async Task<bool> DropAsync(ShardId shard, string follower, long seq,
        CancellationToken cancellation = default)
    {
        var server = await ServerOfAsync(shard);
        var dropped = await server.Cursors.UnparkAsync(shard, FollowerNames.Checked(follower), seq, cancellation);
        if (dropped)
            await server.Coordination.SendWakeupsAsync([new Wakeup(WakeupTopic.Parked, shard, 0)], cancellation);
        return dropped;
    }

    static async Task<ParkedRow?> FindAsync(
        IShardServer server, ShardId shard, string follower, long seq, CancellationToken cancellation)
    {
        // Those that were skipped come on top of what may be parked.
        var parked = await server.Cursors.ReadParkedAsync(
            [shard], FollowerNames.Checked(follower), long.MaxValue, int.MaxValue, cancellation);
        return parked.FirstOrDefault(p => p.Seq == seq);
    }

    static ParkedEntry ToEntry(ParkedRow row) => new(row.Follower, row.Shard, row.Seq, row.Attempts,
        DateTimeOffset.FromUnixTimeMilliseconds(row.ParkedAtMs), DateTimeOffset.FromUnixTimeMilliseconds(row.NextAtMs),
        row.Reason);

    async ValueTask<IShardServer> ServerOfAsync(ShardId shard) =>
        (await _store.Servers.GetAsync(_store.Topology.Shard(shard).Server)).Server;
}
