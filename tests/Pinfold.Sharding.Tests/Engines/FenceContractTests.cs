using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What every engine refuses at the fence.</summary>
public sealed class FenceContractTests
{
    static readonly byte[] Body = """{"$v":1}"""u8.ToArray();

    /// <summary>What an operator or another process may have done to the shard's own row.</summary>
    public static readonly Dictionary<string, string> Barriers = new()
    {
        ["a newer epoch"] = "UPDATE shard SET epoch=2",
        ["an older epoch"] = "UPDATE shard SET epoch=0",
        ["a closed shard"] = "UPDATE shard SET state=0",
        ["no row of its own"] = "DELETE FROM shard",
        ["another shard's row"] = "UPDATE shard SET id=id-30000",
        ["too few local ids left"] = $"UPDATE shard SET last_local_id={ObjectId.LocalMax - 1}",
    };

    [Theory, EveryEngine]
    public async Task AFencedCommitChangesNothing(string engine)
    {
        foreach (var (barrier, sql) in Barriers)
        {
            await using var shards = await TestShards.StartAsync(engine);
            var commits = await EveryCommitAsync(shards);
            await shards.SqlAsync(shards.Shard, sql);
            var before = await shards.DumpAsync(shards.Shard);

            foreach (var commit in commits)
                (await TestShards.FailureOf(shards.CommitAsync([.. commit]))).ShouldBe(CommitFailure.Fenced, barrier);

            (await shards.DumpAsync(shards.Shard)).ShouldBe(before, barrier);
        }
    }

    [Theory, EveryEngine]
    public async Task AShardThatIsNotThereRefusesWritesAndDoesNotAppear(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        var missing = new ShardId(39_999);

        (await TestShards.FailureOf(shards.CommitAsync(TestShards.NewOn(missing, new CreateObject(Pin.Type, 1, Body)))))
            .ShouldBe(CommitFailure.Fenced);
        if (engine != TestShards.Sqlite)
            (await shards.ShardRowAsync(missing)).ShouldBeNull();
        var error = await Should.ThrowAsync<PinfoldException>(
            () => shards.ReadAsync(new ObjectsRead(missing, Pin.Type, [1])));

        error.Kind.ShouldBe(ErrorKind.Unavailable);
        error.Shard.ShouldBe(missing);
        error.Message.ShouldContain("39999");
        (await shards.Server.ListShardsAsync(default)).ShouldNotContain(missing);
        (await shards.Server.ListShardsAsync(default)).ShouldContain(shards.Shard);
    }

    [Theory, EveryEngine]
    public async Task AWriterOfTheNewEpochIsTakenAfterACutover(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, "UPDATE shard SET epoch=2");

        var receipts = await shards.CommitAsync(epoch: 2, shards.New(new CreateObject(Pin.Type, 1, Body)));

        receipts.ShouldBe([new CommitReceipt(1, 0)]);
    }

    [Theory, EveryEngine]
    public async Task TheLastLocalIdIsHandedOutAndNoneAfterIt(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, $"UPDATE shard SET last_local_id={ObjectId.LocalMax - 2}");
        var pair = new WriteOperation[] { new CreateObject(Pin.Type, 1, Body), new CreateObject(Pin.Type, 2, Body) };

        (await TestShards.FailureOf(
            shards.CommitAsync(shards.New(pair), shards.New(new CreateObject(Board.Type, 1, Body)))))
            .ShouldBe(CommitFailure.Fenced);
        var receipt = await shards.CommitAsync(pair);
        (await TestShards.FailureOf(shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)))))
            .ShouldBe(CommitFailure.Fenced);
        await shards.CommitAsync(new UpdateObject(Pin.Type, ObjectId.LocalMax, 1, Body));

        receipt.ShouldBe(new CommitReceipt(1, ObjectId.LocalMax - 2));
        (await shards.FindAsync(Pin.Type, ObjectId.LocalMax)).ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AFencedCommitIsRefusedInItsOneRoundTripAndNoLaterStatementRuns(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        // What a trigger writes to a table without transactions stays, also when the statement is rolled back.
        foreach (var sql in new[]
        {
            "CREATE TABLE ran (what CHAR(20)) ENGINE=MyISAM",
            "CREATE TRIGGER t1 BEFORE INSERT ON objects FOR EACH ROW INSERT INTO ran VALUES ('objects')",
            "CREATE TRIGGER t2 BEFORE INSERT ON journal FOR EACH ROW INSERT INTO ran VALUES ('journal')",
            "CREATE TRIGGER t3 BEFORE INSERT ON entries FOR EACH ROW INSERT INTO ran VALUES ('entries')",
        })
            await shards.SqlAsync(shards.Shard, sql);
        PendingTransaction Transaction() => shards.New(
            new CreateObject(Pin.Type, 1, Body),
            new PutEntry(BoardHasPins, new ObjectId(shards.Shard, 2, 1), new ObjectId(shards.Shard, 1, 1), 1, []));
        await shards.CommitAsync(Transaction());
        (await shards.SqlAsync(shards.Shard, "SELECT what FROM ran"))
            .ShouldBe(["objects", "entries", "entries", "journal"]);

        foreach (var barrier in new[] { "a newer epoch", "a closed shard", "too few local ids left" })
        {
            await shards.SqlAsync(shards.Shard, "UPDATE shard SET epoch=1,state=1,last_local_id=10");
            await shards.SqlAsync(shards.Shard, Barriers[barrier]);
            await shards.ShardRowAsync(shards.Shard); // after triggers the driver resets the session
            shards.Proxy.ResetCounts();
            (await TestShards.FailureOf(shards.CommitAsync(Transaction(), Transaction())))
                .ShouldBe(CommitFailure.Fenced);
            shards.Proxy.Sql.Count.ShouldBe(2, barrier);
            shards.Proxy.Sql[1].ShouldBe("ROLLBACK", "the second clears up after the refusal; it decides nothing");
        }

        (await shards.SqlAsync(shards.Shard, "SELECT COUNT(*) FROM ran")).ShouldBe(["4"]);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ASessionThatTheDriverResetHasItsSettingsAgain(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine);
        await shards.SqlAsync(shards.Shard, "CREATE TABLE ran (x INT)");
        await shards.SqlAsync(shards.Shard,
            "CREATE TRIGGER t BEFORE INSERT ON journal FOR EACH ROW INSERT INTO ran VALUES (1)");
        await shards.CommitAsync(shards.New());

        await using var connection = await ((MySqlShardServer)shards.Server).Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT CONCAT(@@SESSION.innodb_lock_wait_timeout,@@SESSION.sql_mode)";

        (await command.ExecuteScalarAsync())
            .ShouldBe("5STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION");
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ACommitAndAReadCostOneRoundTripEach(string engine)
    {
        await using var shards = await TestShards.StartAsync(engine, count: 4);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        shards.Proxy.ResetCounts();

        await shards.CommitAsync(
            [.. shards.Shards.Select(s => TestShards.NewOn(s, new CreateObject(Pin.Type, 1, Body)))]);
        shards.Proxy.RoundTripCount.ShouldBe(1);
        await shards.Server.ReadAsync([
            .. shards.Shards.Select(s => new ObjectsRead(s, Pin.Type, [1, 2])),
            .. shards.Shards.Select(s => new ShardRowRead(s)),
            new CountRead(shards.Shard, BoardHasPins, new ObjectId(shards.Shard, 2, 1))], default);
        shards.Proxy.RoundTripCount.ShouldBe(2);
    }

    /// <summary>
    /// One commit for each kind of operation that could be the first to meet what the fence left, and new objects.
    /// </summary>
    static async Task<List<PendingTransaction[]>> EveryCommitAsync(TestShards shards)
    {
        var (pin, board) = (new ObjectId(shards.Shard, 1, 1), new ObjectId(shards.Shard, 2, 2));
        await shards.CommitAsync(
            new CreateObject(Pin.Type, 1, Body), new CreateObject(Board.Type, 2, Body),
            new PutEntry(BoardHasPins, board, pin, 1, []),
            new ReserveName(1, [1], shards.Shard, new TransactionId(Guid.Empty), DateTimeOffset.UnixEpoch));
        var creates = new WriteOperation[] { new CreateObject(Pin.Type, 1, Body), new CreateObject(Pin.Type, 2, Body) };
        return
        [
            [shards.New(creates)],
            .. EveryFirstOperation(shards.Shard).Select(o => new[] { shards.New([o, .. creates]) }),
            .. EveryFirstOperation(shards.Shard)
                .Select(o => new[] { shards.New(o), shards.New(), shards.New(creates) }),
        ];
    }

    /// <summary>One of each kind that does not make an object.</summary>
    internal static WriteOperation[] EveryFirstOperation(ShardId shard)
    {
        var (pin, board) = (new ObjectId(shard, 1, 1), new ObjectId(shard, 2, 2));
        return
        [
            new UpdateObject(Pin.Type, 1, 1, []), new UpdateObject(Pin.Type, 1, null, []),
            new DeleteObject(Pin.Type, 1, null, true),
            new PutEntry(BoardHasPins, board, pin, 2, []), new RemoveEntry(BoardHasPins, board, pin),
            new ReleaseName(1, [1], new TransactionId(Guid.Empty), default),
        ];
    }
}
