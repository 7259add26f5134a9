using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Catalog;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Tests.Operations;

/// <summary>A topology of eight shards whose catalog is real; its shards are not used.</summary>
sealed class TestFleet : IAsyncDisposable
{
    readonly CatalogHome _home;
    readonly CatalogTopologySource _topology;

    TestFleet(TestCatalog catalog)
    {
        Catalog = catalog;
        Dying = new DyingCatalog(catalog.Database);
        Func<ServerSpec, Task<IShardServer>> open = _ => Task.FromResult<IShardServer>(new CatalogOnly(Dying));
        _home = new CatalogHome(open);
        var map = TopologyMap.Create(
            1, 8, [new SqliteServerSpec("a", "/a")], [new ShardRange(new ShardId(0), new ShardId(7), "a")],
            catalog: "a");
        _topology = new CatalogTopologySource(map, null, open, TimeProvider.System, NullLogger.Instance);
        Operations = new FleetOperations(
            _topology, _home, [Kind, new OpenKind("open"), new OpenKind("close")], TimeProvider.System);
    }

    public TestCatalog Catalog { get; }

    public DyingCatalog Dying { get; }

    public Counting Kind { get; } = new();

    public ITopologySource Topology => _topology;

    public FleetOperations Operations { get; }

    public static async Task<TestFleet> StartAsync(string engine) => new(await TestCatalog.StartAsync(engine));

    /// <summary>How many changes of the catalog an operation of three steps makes when it is run.</summary>
    public async Task<int> CountChangesAsync(Func<string, Task> run)
    {
        var id = await Operations.BeginAsync(Counting.Plan(3), new Authorship("robin", "to count"));
        Dying.Live();
        await run(id);
        var changes = Dying.Changes;
        Kind.Forget();
        return changes;
    }

    /// <summary>Waits until whoever runs an operation has renewed its lease twice, and heard what was asked.</summary>
    public async Task AwaitHeardAsync()
    {
        var before = await BeatsAsync();
        await Eventually.BecomesAsync(async () => await BeatsAsync() >= before + 2, "the lease renewed twice");
    }

    public async ValueTask DisposeAsync()
    {
        await _topology.DisposeAsync();
        await _home.DisposeAsync();
        await Catalog.DisposeAsync();
    }

    async Task<long> BeatsAsync() => (await Catalog.Database.QueryAsync(
        $"SELECT SUM(beats) FROM {Catalog.Database.Before}operations", [],
        row => Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), default)).Single();

    internal sealed class CatalogOnly(ICatalogDatabase catalog) : IShardServer
    {
        public string Name => "a";

        public bool CommitsAcrossShards => throw new NotSupportedException();

        public bool ReadsAreTrips => throw new NotSupportedException();

        public ICoordination Coordination => throw new NotSupportedException();

        public ICursors Cursors => throw new NotSupportedException();

        public IJournalTrim Trim => throw new NotSupportedException();

        public IFirstStartMark FirstStart => throw new NotSupportedException();

        public ICatalogDatabase Catalog => catalog;

        public IServerAdmin Admin => throw new NotSupportedException();

        public IShardCopies Copies => throw new NotSupportedException();

        public ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<CommitReceipt[]> CommitAsync(
            IReadOnlyList<ShardCommit> commits, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Progress that is told at once, on the thread that tells it.</summary>
sealed class Told(Action<OperationStatus> tell) : IProgress<OperationStatus>
{
    public void Report(OperationStatus value) => tell(value);
}
