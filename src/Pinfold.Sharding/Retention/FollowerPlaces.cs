using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Store;

namespace Pinfold.Sharding.Retention;

/// <summary>The places that followers have in the journals, as operators change them.</summary>
public sealed class FollowerPlaces
{
    readonly ShardedStore _store;
    readonly IReadOnlyCollection<string> _ours;

    /// <param name="store">Of the shards.</param>
    /// <param name="host">This program's followers; none of these is forgotten.</param>
    public FollowerPlaces(ShardedStore store, FollowerHost host) =>
        (_store, _ours) = (store, [.. host.Workers.Select(workers => workers.Name)]);

    /// <summary>
    /// Takes away the places of a follower that no program has any more, and what it has parked: nothing is kept for it
    /// then. Should a program have it again, it begins anew.
    /// </summary>
    /// <returns>On how many shards it had one.</returns>
    /// <remarks>Two round trips per server.</remarks>
    /// <exception cref="PinfoldException">
    /// Conflict: this program has it, or a process that lives. NotFound: it has no place. Unavailable.
    /// </exception>
    public async Task<int> ForgetAsync(string follower, CancellationToken cancellation = default)
    {
        FollowerNames.Checked(follower);
        if (_ours.Contains(follower))
            throw new PinfoldException(ErrorKind.Conflict,
                $"This program has a follower {follower}, which would begin anew from the first transaction: only one "
                + "that no program has any more can be forgotten.");
        foreach (var (server, _) in Servers())
            await RefuseLivingAsync(server, follower, cancellation);
        var forgotten = 0;
        foreach (var (server, shards) in Servers())
            forgotten += await (await server).Trim.ForgetAsync(follower, shards, cancellation);
        return forgotten > 0 ? forgotten : throw new PinfoldException(
            ErrorKind.NotFound, $"No follower {follower} has a place in any journal.");
    }

    /// <summary>
    /// Those that have places, and neither this program nor a process that lives has them. Two round trips per server.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public async Task<IReadOnlyList<string>> FindUnknownAsync(CancellationToken cancellation = default)
    {
        var known = _ours.ToHashSet(StringComparer.Ordinal);
        foreach (var (server, _) in Servers())
            foreach (var worker in await (await server).Coordination.ReadLivingAsync(cancellation))
                known.UnionWith(ShardLists.Parse(worker.Followers).Keys);
        return [.. (await JournalTrims.FollowersAsync(_store, cancellation)).Where(name => !known.Contains(name))];
    }

    /// <summary>
    /// Has a follower go on that was made anew, where the journal was trimmed beyond its place: from the first
    /// transaction that is there.
    /// </summary>
    /// <returns>The shards on which it stood so.</returns>
    /// <remarks>A round trip for each shard, and one more per server.</remarks>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public async Task<IReadOnlyList<ShardId>> GoOnFromBeginAsync(
        string follower, CancellationToken cancellation = default)
    {
        FollowerNames.Checked(follower);
        var moved = new List<ShardId>();
        foreach (var (server, shards) in Servers())
            foreach (var shard in shards)
                if (await (await server).Trim.MoveToBeginAsync(shard, follower, cancellation))
                    moved.Add(shard);
        return moved;
    }

    IEnumerable<(Task<IShardServer> Server, IReadOnlyList<ShardId> Shards)> Servers() =>
        from spec in _store.Topology.Servers
        let shards = _store.Topology.ShardsOn(spec.Name)
        where shards.Count > 0
        select (OpenAsync(spec), (IReadOnlyList<ShardId>)shards);

    async Task<IShardServer> OpenAsync(Topology.ServerSpec spec) => (await _store.Servers.GetAsync(spec)).Server;

    static async Task RefuseLivingAsync(
        Task<IShardServer> opening, string follower, CancellationToken cancellation)
    {
        var server = await opening;
        var living = await server.Coordination.ReadLivingAsync(cancellation);
        if (living.Any(worker => ShardLists.Parse(worker.Followers).ContainsKey(follower)))
            throw new PinfoldException(ErrorKind.Conflict,
                $"A process that lives has a follower {follower} on server {server.Name}: end what runs it first "
                + "(\"pinfold process list\"), or upgrade it to a program without.");
    }
}
