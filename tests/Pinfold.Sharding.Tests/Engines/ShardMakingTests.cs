using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Topology;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>How shards are made on a server, and which of them count as there.</summary>
public sealed class ShardMakingTests
{
    static readonly ShardId Shard = new(7);
    static readonly byte[] Body = """{"$v":1}"""u8.ToArray();

    [Theory, EveryEngine]
    public async Task AShardServesTypesAndMappingsThatAreNewerThanIt(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var newType = new ObjectType<Novelty>(77, "novelties",
            (JsonTypeInfo<Novelty>)JsonSerializerOptions.Default.GetTypeInfo(typeof(Novelty)));
        var newMapping = new Mapping<Pin, Pin>(99, "pin_has_pins");
        var (from, to) = (new ObjectId(shards.Shard, 1, 1), new ObjectId(shards.Shard, 1, 2));

        await shards.CommitAsync(new CreateObject(newType, 1, Body), new PutEntry(newMapping, from, to, 3, []));

        (await shards.FindAsync(newType, 1)).ShouldNotBeNull().Body.ShouldBe(Body);
        (await shards.ListAsync(newMapping, from)).ShouldHaveSingleItem().Sequence.ShouldBe(3);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AShardIsFourTablesAndARow(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        (await shards.SqlAsync(shards.Shard,
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA=DATABASE() "
            + "ORDER BY 1"))
            .ShouldBe(["entries", "journal", "names", "objects"]);
        (await shards.SqlAsync(shards.Shard, "SELECT * FROM shard")).ShouldBe([$"{shards.Shard}|1|1|0|0|2"]);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AHalfMadeShardIsNotListedAndMakingItAgainMakesItWhole(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, "DROP TABLE names,journal");
        await shards.SqlAsync(shards.Shard, "DELETE FROM shard");
        (await shards.Server.ListShardsAsync(default)).ShouldNotContain(shards.Shard);

        await shards.Server.CreateShardAsync(shards.Shard, epoch: 3, default);

        (await shards.Server.ListShardsAsync(default)).ShouldContain(shards.Shard);
        var receipts = await shards.CommitAsync(epoch: 3, shards.New(new CreateObject(Pin.Type, 1, Body)));
        receipts.ShouldBe([new CommitReceipt(1, 0)]);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AShardWhoseDatabaseIsGoneIsNotListedAndTakesNoWrite(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, $"DROP DATABASE {DatabaseNames.Default.Of(shards.Shard)}");

        (await shards.Server.ListShardsAsync(default)).ShouldNotContain(shards.Shard);
        (await TestShards.FailureOf(shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)))))
            .ShouldBeOneOf(CommitFailure.Fenced, CommitFailure.Refused);
    }

    /// <summary>
    /// A server keeps statistics of such a table up to date with a transaction of its own after every few rows.
    /// </summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task TheTablesOfAShardKeepNoPersistentStatistics(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);

        var options = await shards.SqlAsync(shards.Shard,
            "SELECT CREATE_OPTIONS FROM information_schema.TABLES "
            + $"WHERE TABLE_SCHEMA='{DatabaseNames.Default.Of(shards.Shard)}'");

        options.Count.ShouldBe(4);
        options.ShouldAllBe(o => o.Contains("stats_persistent=0", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A new row would hand out the shard's ids and journal numbers once more.</summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task AShardThatHasLostItsRowGetsNoNewOne(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)));
        await shards.SqlAsync(shards.Shard, "DELETE FROM shard");

        var error = await Should.ThrowAsync<PinfoldException>(
            () => shards.Server.CreateShardAsync(shards.Shard, 1, default).AsTask());

        error.Kind.ShouldBe(ErrorKind.Corrupt);
        error.Message.ShouldContain("its fence is lost");
        (await shards.SqlAsync(shards.Shard, "SELECT id FROM shard")).ShouldBeEmpty();
    }

    /// <summary>As a shard is that has moved away: the first statement to fail is one that wants a table.</summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task AShardThatHasMovedAwayRefusesAtTheFence(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 2);
        var commits = FenceContractTests.EveryFirstOperation(shards.Shard).Select(o => shards.New(o)).ToList();
        await shards.SqlAsync(shards.Shard, "DELETE FROM shard");
        await shards.SqlAsync(shards.Shards[1], $"DROP DATABASE {DatabaseNames.Default.Of(shards.Shard)}");

        foreach (var commit in commits)
        {
            (await TestShards.FailureOf(shards.CommitAsync(commit))).ShouldBe(CommitFailure.Fenced);
            (await TestShards.FailureOf(shards.CommitAsync(commit, TestShards.NewOn(shards.Shards[1]))))
                .ShouldBe(CommitFailure.Fenced);
        }
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AServerWithShardsOfFormat1IsRefusedByName(string engine)
    {
        var database = await TestServers.EngineAsync(engine);
        var prefix = $"f{Guid.NewGuid():N}"[..12] + "x";
        await using var server = new MySqlShardServer("db1",
            new MySqlConnectionStringBuilder(database.ConnectionString), TimeSpan.FromSeconds(30),
            new DatabaseNames(prefix));
        (await server.ListShardsAsync(default)).ShouldBeEmpty("nobody has made a shard");
        await database.ExecuteAsync(
            $"CREATE DATABASE {prefix}00003;CREATE TABLE {prefix}00003.shard (id INT);"
            + $"CREATE TABLE {prefix}00003.journal (seq INT)");

        var error = await Should.ThrowAsync<PinfoldException>(() => server.ListShardsAsync(default).AsTask());

        error.Kind.ShouldBe(ErrorKind.Corrupt);
        error.Message.ShouldContain($"db1 has 1 shards of table format 1, such as the database {prefix}00003");
        error.Message.ShouldContain("databasePrefix");
        await database.ExecuteAsync($"DROP DATABASE {prefix}00003");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AShardOfAnotherFormatIsRefusedByName(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, "UPDATE shard SET format=3");

        var read = await Should.ThrowAsync<PinfoldException>(() => shards.ShardRowAsync(shards.Shard));
        read.Message.ShouldContain($"Shard {shards.Shard} has table format 3; this program knows 2 alone. Use a newer");
        await shards.SqlAsync(shards.Shard, "UPDATE shard SET format=2");
    }

    [Fact]
    public async Task AFileOfFormat1IsRefusedByNameAndLeftAlone()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        await shards.SqlAsync(shards.Shard, "PRAGMA user_version=1");
        await using var newcomer = new Sharding.Engines.Sqlite.SqliteShardServer(
            "b", shards.Folder.Path, TimeSpan.FromSeconds(10));

        var error = await Should.ThrowAsync<PinfoldException>(
            () => newcomer.ReadAsync([new ShardRowRead(shards.Shard)], default).AsTask());

        error.Kind.ShouldBe(ErrorKind.Corrupt);
        error.Message.ShouldContain("has table format 1; this program knows 2 alone. Begin anew in another folder");
    }

    sealed record Novelty(string Title);
}
