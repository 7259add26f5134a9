using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Retention;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Catalog;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Tests.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Tests.Retention;

/// <summary>Four shards whose journals are trimmed, writers of today and of a month ago, and a catalog that may die.
/// </summary>
sealed class TrimFleet : IAsyncDisposable
{
    public static readonly Authorship Robin = new("robin@here", "because");

    readonly TestCatalog _catalog;
    readonly CatalogHome _home;

    TrimFleet(Fleet fleet, TestCatalog catalog)
    {
        (Fleet, _catalog) = (fleet, catalog);
        (Store, Old) = (fleet.NewStore(), fleet.NewStore(Ago(30)));
        Trims = new JournalTrims(Store);
        Dying = new DyingCatalog(catalog.Database);
        _home = new CatalogHome(_ => Task.FromResult<IShardServer>(new TestFleet.CatalogOnly(Dying)));
        var map = TopologyMap.Create(
            1, 4, [new SqliteServerSpec("a", "/a")], [new ShardRange(new ShardId(0), new ShardId(3), "a")],
            catalog: "a");
        Operations = new FleetOperations(
            new FixedTopologySource(map), _home, [new TrimKind(() => Store)], TimeProvider.System);
    }

    public Fleet Fleet { get; }

    /// <summary>With the clock of this machine.</summary>
    public ShardedStore Store { get; }

    /// <summary>A writer whose clock is a month behind, or which wrote a month ago.</summary>
    public ShardedStore Old { get; }

    public JournalTrims Trims { get; }

    public DyingCatalog Dying { get; }

    public FleetOperations Operations { get; }

    public static async Task<TrimFleet> StartAsync(string engine) =>
        new(await Fleet.StartAsync(engine), await TestCatalog.StartAsync(engine));

    public static TimeProvider Ago(double days) => new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-days));

    /// <summary>A week, and so many of the newest.</summary>
    public static JournalRetention Week(int rows = 1) => new(TimeSpan.FromDays(7)) { Rows = rows };

    public async Task<IShardServer> ServerAsync(ShardId shard) =>
        (await Store.Servers.GetAsync(Store.Topology.Shard(shard).Server)).Server;

    public async Task WriteAsync(ShardedStore writer, ShardId shard, int count)
    {
        for (var i = 0; i < count; i++)
            await Fleet.WriteAsync(writer, shard);
    }

    /// <summary>Has a follower stand on every shard: at that number on one of them, at the end on the others.</summary>
    public async Task<Guid> StandAsync(string follower, ShardId shard, long seq)
    {
        var claim = Guid.NewGuid();
        foreach (var server in Store.Topology.Servers)
        {
            var cursors = (await Store.Servers.GetAsync(server)).Server.Cursors;
            var claimed = await cursors.ClaimAsync(
                [new CursorClaim(follower, false, Store.Topology.ShardsOn(server.Name))], claim, default);
            await cursors.AdvanceAsync([.. claimed.Select(c => new CursorMove(
                c.Shard, follower, claim, c.Seq, c.Shard == shard ? seq : c.LastSeq))], default);
        }
        return claim;
    }

    public async Task ParkAsync(ShardId shard, string follower, Guid claim, long seq, long nextAtMs) =>
        await (await ServerAsync(shard)).Cursors.ParkAsync(
            claim, new ParkedRow(shard, follower, seq, 3, 0, nextAtMs, "It failed."), default);

    /// <summary>Plans and runs; how many rows went.</summary>
    public async Task<long> TrimAsync(JournalRetention? retention = null)
    {
        var plan = await Trims.PlanAsync([.. Fleet.Shards], retention ?? Week());
        if (plan.Steps.Count == 0)
            return 0;
        var id = await Operations.BeginAsync(plan, Robin);
        var done = await Operations.RunAsync(id);
        return done.Steps.Sum(step => step.Done);
    }

    public async Task<JournalStatus> StatusAsync(ShardId shard, JournalRetention? retention = null) =>
        (await Trims.ReadAsync([shard], retention ?? Week()))[0];

    public async Task<long> FirstAsync(ShardId shard) =>
        (await (await ServerAsync(shard)).Trim.ReadExtentsAsync([shard], default))[0].First;

    public async Task ForgetLeaseAsync() =>
        await _catalog.SqlAsync("UPDATE {0}operations SET lease_until=0");

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _catalog.DisposeAsync();
        await Fleet.DisposeAsync();
    }
}
