using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Moving;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>What is under way when a shard is closed, and who believes to be moving it still.</summary>
public sealed class CutOverTests
{
    static readonly ShardId Shard = new(0);

    [Theory, EveryEngine(IsServer = true)]
    public async Task ATransactionThatIsOpenAcrossTheCutOverIsNotLost(string engine)
    {
        await using var fleet = await MoveFleet.StartAsync(engine, TestShards.Sqlite, shards: 1);
        await MoveTests.ContentAsync(fleet, fleet.NewStore(), Shard);
        await using var connection = new MySqlConnection(fleet.ConnectionString("a"));
        await connection.OpenAsync();
        // Has passed the fence, and is about to write.
        var lastSeq = (await fleet.SqlAsync("a", Shard, "SELECT last_seq FROM shard"))[0][0];
        await ExecuteAsync($"START TRANSACTION;UPDATE {fleet.Databases.Server}.shards "
            + $"SET last_seq=last_seq+1,last_local_id=last_local_id+1 WHERE id={Shard}");
        var closing = new TaskCompletionSource();
        fleet.Around = server => Proxied.Around(server, (call, isBefore) =>
        {
            if (call == "CloseAsync" && isBefore)
                closing.TrySetResult();
            return Task.CompletedTask;
        });
        var moving = Task.Run(() => fleet.MoveAsync("b"));
        await closing.Task;
        var database = fleet.Databases.Of(Shard);
        var id = TransactionId.New(DateTimeOffset.UnixEpoch);
        await ExecuteAsync($$"""
            INSERT INTO {{database}}.objects SELECT 1,last_local_id,1,last_seq,0,'{"Title":"late"}'
              FROM {{fleet.Databases.Server}}.shards WHERE id={{Shard}};
            INSERT INTO {{database}}.journal SELECT last_seq,x'{{id.Value:N}}',1,last_local_id-1,
              '[{"k":"create","i":"+1:1"}]' FROM {{fleet.Databases.Server}}.shards WHERE id={{Shard}};
            """);
        moving.IsCompleted.ShouldBeFalse();
        await ExecuteAsync("COMMIT");
        (await moving).State.ShouldBe(OperationState.Done);
        (await fleet.SqlAsync("b", Shard, $"SELECT seq FROM journal WHERE tx=x'{id.Value:N}'"))[0][0]
            .ShouldBe($"{long.Parse(lastSeq) + 1}");
        (await fleet.SqlAsync("b", Shard, "SELECT COUNT(*) FROM objects WHERE body=x'" + Convert.ToHexString(
            "{\"Title\":\"late\"}"u8) + "'"))[0][0].ShouldBe("1");
        await fleet.AuditAsync("b");

        async Task ExecuteAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory, EveryPair]
    public async Task WhoWasBelievedDeadChangesNothingMore(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to, shards: 1);
        await using var source = fleet.Open("a");
        await using var target = fleet.Open("b");
        var (dead, alive) = (new MarkHolder("move-1", "dead"), new MarkHolder("move-1", "alive"));
        await source.Copies.MarkLeavingAsync(Shard, 1, dead, default);
        await target.Copies.MakeAsync(Shard, 2, dead, default);
        await source.Copies.TakeAsync(Shard, alive, default);
        await target.Copies.TakeAsync(Shard, alive, default);
        var row = new ShardRow(1, ShardState.Closed, 0, 0);
        var nothing = new FollowerState([], []);
        foreach (var call in (Func<MarkHolder, ValueTask>[])[
            by => target.Copies.WriteAsync(Shard, [], 7, by, default),
            async by => await source.Copies.CloseAsync(Shard, by, default),
            async by => await source.Copies.FreezeFollowersAsync(Shard, by, default),
            by => source.Copies.ReopenAsync(Shard, keepsMark: true, by, default),
            by => source.Copies.LeaveAsync(Shard, by, default),
            by => target.Copies.OpenAsync(Shard, row, nothing, 2, by, default)])
        {
            (await Should.ThrowAsync<PinfoldException>(async () => await call(dead))).Kind
                .ShouldBe(ErrorKind.Conflict);
            (await Should.ThrowAsync<PinfoldException>(async () => await call(new MarkHolder("move-2", "other")))).Kind
                .ShouldBe(ErrorKind.Conflict);
        }
        var read = new ShardRowRead(Shard);
        await source.ReadAsync([read], default);
        read.Row.ShouldBe(new ShardRow(1, ShardState.Open, 0, 0));
        await target.ReadAsync([read], default);
        read.Row.ShouldBe(new ShardRow(2, ShardState.Closed, 0, 0));
    }

    [Theory, EveryPair]
    public async Task TombstonesGoAlongAndSweptOnesDoNotStay(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to, shards: 1);
        await using var source = fleet.Open("a");
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        var list = new ObjectId(Shard, 2, 1);
        var number = 0L;
        for (var i = 1; i <= 3; i++)
        {
            await ReverseAsync(i, isThere: true, now);
            await ReverseAsync(i, isThere: false, now);
        }
        await ReverseAsync(9, isThere: true, now);
        var isSwept = false;
        fleet.Around = server => new AfterStep(server, "SumAsync", async () =>
        {
            if (isSwept)
                return;
            isSwept = true;
            // While it is compared: this removal sweeps the others away, of which the journal does not tell.
            await ReverseAsync(9, isThere: false, now + (2 * ReverseEntry.TombstoneKept));
        }).Server;
        (await fleet.MoveAsync("b")).State.ShouldBe(OperationState.Done);
        isSwept.ShouldBeTrue();
        (await fleet.SqlAsync("b", Shard, "SELECT to_id FROM entries WHERE n=-1")).ShouldHaveSingleItem()[0]
            .ShouldBe($"{new ObjectId(Shard, 1, 9).Value}");
        (await fleet.DumpAsync("b", Shard)).ShouldBe(await fleet.DumpAsync("a", Shard, hasLeft: true));

        async Task ReverseAsync(int to, bool isThere, DateTimeOffset at)
        {
            var target = new ObjectId(Shard, 1, to);
            await source.CommitAsync([new ShardCommit(Shard, 1, [new PendingTransaction(
                TransactionId.New(now), Shard,
                [new ReverseEntry(NoteInShelves, list, target, isThere, to, ++number, at)], 0, at, JournalCodec.Encode([new JournalCodec.Draft(
                    isThere ? JournalEntryKind.Mapped : JournalEntryKind.Unmapped, list, NoteInShelves.Number, target,
                    to)]))])], default);
        }
    }
}
