using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Provisioning;

/// <summary>
/// The marks of a first start on all servers that have shards. As long as one stands no process starts, and so nothing
/// is committed, before every shard is there: not even where only the others' server is down.
/// </summary>
sealed class FirstStarts(ShardedStore store)
{
    IEnumerable<ServerSpec> Servers =>
        store.Topology.Servers.Where(server => store.Topology.ShardsOn(server.Name).Count > 0);

    /// <summary>The first start that has not ended, by what the servers say that answered; null if none.</summary>
    public async Task<FirstStart?> FindAsync(ShardInventory inventory, CancellationToken cancellation)
    {
        foreach (var server in Servers.Where(server => Answers(inventory, server)))
            if (await (await MarkOfAsync(server)).FindAsync(cancellation) is { } begun)
                return begun;
        return null;
    }

    /// <summary>
    /// Whether a shard has a commit, which a first start precedes: then a mark was left behind when its first start had
    /// ended, and what is missing was lost since. Shards that cannot be read are half made, and have none.
    /// </summary>
    public async Task<bool> IsAnythingWrittenAsync(ShardInventory inventory, CancellationToken cancellation)
    {
        var shards = await new ShardStatusReader(store).ReadAsync(server => Answers(inventory, server), cancellation);
        return shards.Any(shard => shard.LastSeq > 0);
    }

    /// <summary>Leaves the mark on every server.</summary>
    public async Task LeaveMarksAsync(FirstStart start, CancellationToken cancellation)
    {
        foreach (var server in Servers)
            await (await MarkOfAsync(server)).LeaveAsync(start, cancellation);
    }

    /// <summary>Takes the mark away everywhere. Interrupted in the midst, the next start does the rest.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        foreach (var server in Servers)
            await (await MarkOfAsync(server)).RemoveAsync(cancellation);
    }

    async ValueTask<IFirstStartMark> MarkOfAsync(ServerSpec server) =>
        (await store.Servers.GetAsync(server)).Server.FirstStart;

    static bool Answers(ShardInventory inventory, ServerSpec server) =>
        inventory.Silent.All(silent => silent.Server != server.Name);
}
