using Microsoft.Data.Sqlite;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Provisioning;

/// <summary>A first start that is interrupted anywhere is run again, and ends as if it had not been.</summary>
public sealed class FirstStartTests
{
    const int BeforeTheLastShards = 2 * 2 + NewInstallation.ShardCount;

    static IEnumerable<int> Steps => Enumerable.Range(1, KilledStart.Steps);

    [Theory, EveryEngine]
    public async Task AFirstStartThatIsKilledCarriesOnWhenRunAgain(string engine)
    {
        foreach (var step in Soak.Sample([.. Steps], 4))
        {
            await using var installation = await NewInstallation.OnAsync(engine);

            (await KilledStart.RunAndKillAsync(installation.Text, step)).ShouldBeTrue($"at step {step}");

            await ShouldStartAsync(installation, $"killed at step {step}");
        }
    }

    [Theory, EveryEngine]
    public async Task AFirstStartThatIsCancelledAnywhereCarriesOnWhenRunAgain(string engine)
    {
        foreach (var step in Soak.Sample([.. Steps], engine == TestShards.Sqlite ? KilledStart.Steps : 6))
        {
            await using var installation = await NewInstallation.OnAsync(engine);
            using var interrupt = new CancellationTokenSource();
            var steps = 0;
            await using (var store = installation.Open(inner => new SteppedServer(inner, _ =>
            {
                if (Interlocked.Increment(ref steps) == step)
                    interrupt.Cancel();
                return ValueTask.CompletedTask;
            })))
            {
                // When the last shards are being made, it may be through before it looks whether it is to end.
                var starting = new ShardProvisioner(store).EnsureAsync(null, interrupt.Token);
                if (step <= BeforeTheLastShards)
                    await Should.ThrowAsync<OperationCanceledException>(() => starting, $"at step {step}");
                else
                    await starting.ContinueWith(_ => { }, TaskScheduler.Default);
            }

            await ShouldStartAsync(installation, $"cancelled at step {step}");
        }
    }

    [Theory, EveryEngine]
    public async Task ProcessesThatStartForTheFirstTimeAtOnceAllSucceed(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        var stores = Enumerable.Range(0, 4).Select(_ => installation.Open()).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => new ShardProvisioner(store).EnsureAsync())));

        foreach (var store in stores)
            await store.DisposeAsync();
        await ShouldStartAsync(installation, "started by four at once");
    }

    [Theory, EveryEngine]
    public async Task AShardThatIsMissingWithoutAFirstStartIsNotMade(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        await ShouldStartAsync(installation, "new");
        await LoseAsync(installation, engine, new ShardId(1));

        await ShouldRefuseAsync(installation, "1 of 4 shards are not where the topology says: 1.");
    }

    [Theory, EveryEngine]
    public async Task AMarkThatWasLeftBehindDoesNotReplaceAShardThatWasLost(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        await ShouldStartAsync(installation, "new"); // which writes to each
        await using (var store = installation.Open())
            await (await ServerAsync(store)).FirstStart.LeaveAsync(
                new FirstStart(NewInstallation.ShardCount, DateTimeOffset.UnixEpoch), default);
        await LoseAsync(installation, engine, new ShardId(1));

        await ShouldRefuseAsync(installation, "1 of 4 shards are not where the topology says: 1.");
    }

    [Theory, EveryEngine]
    public async Task AMarkThatWasLeftBehindIsTakenAwayByTheNextStart(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        await ShouldStartAsync(installation, "new");
        await using (var store = installation.Open())
            await (await ServerAsync(store)).FirstStart.LeaveAsync(
                new FirstStart(NewInstallation.ShardCount, DateTimeOffset.UnixEpoch), default);

        await ShouldStartAsync(installation, "with a mark left behind", writes: 2);
    }

    [Theory, EveryEngine]
    public async Task AFirstStartWithAnotherNumberOfShardsIsNotCarriedOn(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        await using (var store = installation.Open())
        {
            var begun = new FirstStart(512, DateTimeOffset.UnixEpoch);
            await (await ServerAsync(store)).FirstStart.LeaveAsync(begun, default);
            (await (await ServerAsync(store)).FirstStart.FindAsync(default)).ShouldBe(begun);
        }

        await ShouldRefuseAsync(
            installation, "A first start with 512 shards, begun 1970-01-01 00:00:00Z, has not ended");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ADatabaseThatIsHalfMadeIsFinished(string engine)
    {
        await using var installation = await NewInstallation.OnAsync(engine);
        (await KilledStart.RunAndKillAsync(installation.Text, KilledStart.Steps - 4)).ShouldBeTrue();
        // As a server leaves them that dies amid the statements: without tables; with the first of them, and no row.
        var tables = await installation.TablesAsync(new ShardId(0));
        foreach (var table in tables)
            await installation.SqlAsync(new ShardId(0), $"DROP TABLE {{0}}.{table}");
        foreach (var table in tables.Where((_, i) => i % 2 == 0))
            await installation.SqlAsync(new ShardId(1), $"DROP TABLE {{0}}.{table}");
        await installation.SqlAsync(new ShardId(3), "DROP DATABASE {0}");
        for (var shard = 0; shard < 4; shard++)
            await installation.SqlAsync(new ShardId(shard), $"DELETE FROM {{1}}.shards WHERE id={shard}");

        await ShouldStartAsync(installation, "half made");
    }

    [Fact]
    public async Task AFileThatIsHalfMadeIsFinishedAndWhatKilledMakersLeftIsSwept()
    {
        await using var installation = await NewInstallation.OnAsync(TestShards.Sqlite);
        (await KilledStart.RunAndKillAsync(installation.Text, 5)).ShouldBeTrue();
        foreach (var file in Directory.GetFiles(installation.FirstFolder, "*.db*"))
            File.Delete(file);
        await File.WriteAllBytesAsync(installation.FileOf(new ShardId(0)), []);
        var second = installation.FileOf(new ShardId(1));
        await using (var empty = new SqliteConnection($"Data Source={second};Pooling=False"))
        {
            await empty.OpenAsync();
            await using var command = empty.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; CREATE TABLE t (x); DROP TABLE t";
            await command.ExecuteNonQueryAsync();
        }
        var left = Path.Combine(installation.FirstFolder, $"pinfold00000.db.{Guid.NewGuid():N}.new");
        await File.WriteAllTextAsync(left, "unfinished");
        await File.WriteAllTextAsync(left + "-journal", "unfinished");

        await ShouldStartAsync(installation, "half made");

        Directory.GetFiles(installation.FirstFolder).Select(Path.GetFileName).Where(name => !name!.Contains("db-"))
            .Order().ShouldBe(["pinfold00000.db", "pinfold00001.db"]);
    }

    /// <summary>Starts as another process, with all shards there; each takes a write.</summary>
    static async Task ShouldStartAsync(NewInstallation installation, string after, long writes = 1)
    {
        await using var store = installation.Open();
        await new ShardProvisioner(store).EnsureAsync();

        var shards = await new ShardStatusReader(store).ReadAsync();
        shards.ShouldAllBe(shard => shard.Problem == null && shard.State == ShardState.Open, after);
        foreach (var shard in shards)
        {
            var transaction = store.Begin(shard.Shard);
            var pin = transaction.Create(new Pin("Quince"));
            (await transaction.CommitAsync()).Seq.ShouldBe(writes, after);
            (await store.GetAsync(pin.Id)).Body.Title.ShouldBe("Quince");
        }
        foreach (var server in store.Topology.Servers)
            (await (await store.Servers.GetAsync(server)).Server.FirstStart.FindAsync(default)).ShouldBeNull(after);
        (await new ShardProvisioner(store).EnsureAsync()).Present.ShouldBe(NewInstallation.ShardCount);
    }

    [Fact]
    public async Task AServerThatGoesDownDuringTheFirstStartIsWaitedFor()
    {
        var stops = 0;
        using var folder = new TempFolder("here");
        await using var database = await MariaDbServer.StartAsync();
        var map = TopologyMap.Create(1, 4,
            [
                new SqliteServerSpec("here", folder.Path),
                new MySqlServerSpec("there", new HostPort("127.0.0.1", database.Port), "pinfold"),
            ],
            [new(new ShardId(0), new ShardId(1), "here"), new(new ShardId(2), new ShardId(3), "there")]);
        await using (var store = Open(inner => new SteppedServer(
            inner, async step => await (step == "create on there" ? StopAsync() : Task.CompletedTask))))
            await Should.ThrowAsync<PinfoldException>(() => new ShardProvisioner(store).EnsureAsync());

        await using (var store = Open())
            (await Should.ThrowAsync<PinfoldException>(() => new ShardProvisioner(store).EnsureAsync()))
                .Message.ShouldSatisfyAllConditions(
                    said => said.ShouldContain("first start has not ended"), said => said.ShouldContain("there"));

        await database.RestartAsync();
        await using (var store = Open())
        {
            await new ShardProvisioner(store).EnsureAsync();
            (await new ShardStatusReader(store).ReadAsync()).ShouldAllBe(shard => shard.Problem == null);
            (await new ShardProvisioner(store).EnsureAsync()).Present.ShouldBe(4);
        }

        Task StopAsync() => Interlocked.Exchange(ref stops, 1) == 0 ? database.KillAsync() : Task.CompletedTask;

        ShardedStore Open(Func<IShardServer, IShardServer>? around = null) => NewInstallation.Open(
            map, spec => spec is SqliteServerSpec ? folder.Path : "|" + database.ConnectionString, around);
    }

    static async Task ShouldRefuseAsync(NewInstallation installation, string message)
    {
        await using var store = installation.Open();
        var error = await Should.ThrowAsync<PinfoldException>(() => new ShardProvisioner(store).EnsureAsync());
        (error.Kind, error.Message).ShouldSatisfyAllConditions(
            e => e.Kind.ShouldBe(ErrorKind.Unavailable), e => e.Message.ShouldContain(message));
    }

    static async Task LoseAsync(NewInstallation installation, string engine, ShardId shard)
    {
        if (engine != TestShards.Sqlite)
            await installation.SqlAsync(shard, "DROP DATABASE {0}");
        else
            foreach (var file in Directory.GetFiles(installation.FirstFolder, $"pinfold{shard.Value:D5}.db*"))
                File.Delete(file);
    }

    static async Task<IShardServer> ServerAsync(ShardedStore store) =>
        (await store.Servers.GetAsync(store.Topology.GetServer("b"))).Server;
}
