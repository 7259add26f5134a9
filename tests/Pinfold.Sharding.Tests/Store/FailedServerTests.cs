using MySqlConnector;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>One server of several does not answer, or lost all its connections.</summary>
public sealed class FailedServerTests
{
    [Fact]
    public async Task AServerThatIsDownIsAnErrorAndNeverAMissingObject()
    {
        await using var test = await TestStore.StartAsync("MariaDB",
            new() { Shards = 4, Servers = 2, Time = new HurriedTime() });
        var notes = await CreateNotesAsync(test);
        Down(test);
        var (up, missing, down) = (notes[0], Note.Type.Id(new ObjectId(test.Shards[0], 1, 77)), notes[3]);

        foreach (var call in new Func<Task>[]
        {
            () => test.Store.FindAsync(down),
            () => test.Store.GetAsync(down),
            () => test.Store.FindManyAsync([up, down]),
            () => test.Store.PageAsync(NoteInShelves, down, new PageRequest(1)),
            () => test.Store.CountAsync(NoteInShelves, down),
        })
        {
            var error = await Should.ThrowAsync<PinfoldException>(call);
            error.Kind.ShouldBe(ErrorKind.Unavailable);
            error.Shard.ShouldBe(down.Shard);
            error.Message.ShouldContain($"shard {down.Shard}");
            error.Message.ShouldContain("s1");
        }
        (await test.Store.FindAsync(missing)).ShouldBeNull();
        (await Should.ThrowAsync<PinfoldException>(() => test.Store.GetAsync(missing))).Kind
            .ShouldBe(ErrorKind.NotFound);
        (await test.Store.FindManyAsync([up, missing]))[0].ShouldNotBeNull();
        (await Should.ThrowAsync<PinfoldException>(() => WriteAsync(test, test.Shards[3]))).Kind
            .ShouldBe(ErrorKind.Unavailable);
    }

    [Fact]
    public async Task AClaimThatFailsSinceItsServerIsDownGivesBackWhatWasClaimedBefore()
    {
        await using var test = await TestStore.StartAsync("MariaDB",
            new() { Shards = 4, Servers = 2, Time = new HurriedTime() });
        var (first, second) = (test.NewName(on: test.Shards[0]), test.NewName(on: test.Shards[3]));
        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note("two names"));
        await transaction.ClaimAsync(Handles, first, note);
        Down(test);
        // Who is the first to find the connections dead has sent something, and does not know.
        await Should.ThrowAsync<PinfoldException>(() => test.Store.Names.FindOwnerAsync(Handles, second));

        (await Should.ThrowAsync<PinfoldException>(() => transaction.ClaimAsync(Handles, second, note))).Kind
            .ShouldBe(ErrorKind.Unavailable);

        (await test.SqlAsync(test.Shard, "SELECT kind FROM names")).ShouldBeEmpty();
        await Should.ThrowAsync<InvalidOperationException>(() => transaction.CommitAsync());
    }

    [Fact]
    public async Task APartialReadTellsWhatIsMissingFromWhatCouldNotBeRead()
    {
        await using var test = await TestStore.StartAsync("MariaDB", new() { Shards = 4, Servers = 2 });
        var notes = await CreateNotesAsync(test);
        Down(test);
        var missing = Note.Type.Id(new ObjectId(test.Shards[1], 1, 77));

        var read = await test.Store.FindManyPartialAsync([notes[3], notes[0], missing, notes[2], notes[1]]);

        read.Items.Select(i => i?.Id).ShouldBe([null, notes[0], null, null, notes[1]]);
        read.Failures.OrderBy(f => f.Place).Select(f => (f.Place, f.Shard)).ShouldBe(
            [(0, test.Shards[3]), (3, test.Shards[2])]);
        read.Failures.ShouldAllBe(f => f.Error.Kind == ErrorKind.Unavailable);
        test.Proxies[1].AcceptConnections();
        (await test.Store.FindManyPartialAsync(notes)).Failures.ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AReaderOfADamagedShardFailsAloneAmongManyAtOnce(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var notes = await CreateNotesAsync(test);
        await test.SqlAsync(test.Shards[1], "DROP TABLE objects");

        var reads = Enumerable.Range(0, 200).Select(i => Task.Run(() => test.Store.FindAsync(notes[i % 2]))).ToList();

        for (var i = 0; i < reads.Count; i += 2)
        {
            (await reads[i]).ShouldNotBeNull();
            var error = await Should.ThrowAsync<PinfoldException>(() => reads[i + 1]);
            error.Kind.ShouldBe(ErrorKind.Unavailable);
            error.Shard.ShouldBe(test.Shards[1]);
        }
    }

    [Fact]
    public async Task APartialReadFromFilesTellsWhichShardFailed()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Shards = 3 });
        var notes = await CreateNotesAsync(test);
        await test.SqlAsync(test.Shards[1], "DROP TABLE objects");

        var read = await test.Store.FindManyPartialAsync(notes);

        read.Failures.Select(f => f.Place).ShouldContain(1);
        read.Failures.ShouldAllBe(f => f.Error.Message.Contains($"shard {test.Shards[1]}"));
        read.Items.Select((item, i) => item is not null || read.Failures.Any(f => f.Place == i))
            .ShouldAllBe(told => told);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WhenTheServerDroppedEveryIdleConnectionNoReadAndNoWriteFails(string engine)
    {
        await using var test = await TestStore.StartAsync(engine,
            new() { Time = new HurriedTime(), ConnectionsMax = 20 });
        var note = (await CreateNotesAsync(test))[0];
        for (var round = 0; round < 2; round++)
        {
            await FillPoolAsync(test, 20);
            test.Proxy.CutAll();
            await Eventually.HoldsAsync(() => test.Proxy.OpenConnections == 0);

            if (round == 0)
                await WriteAsync(test, test.Shard);
            (await test.Store.FindAsync(note)).ShouldNotBeNull();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => test.Store.FindAsync(note)));
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AReadThatIsCancelledWhileItsConnectionOpensLeavesNoneWithoutItsSettings(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { ConnectionsMax = 1 });
        var server = (await test.ServerAsync(test.Shard)).Server;
        test.Proxy.CutAll(); // the one with which the shard was made
        await Eventually.HoldsAsync(() => test.Proxy.OpenConnections == 0);
        test.Proxy.ResetCounts();
        test.Proxy.Delay = TimeSpan.FromMilliseconds(20);
        using var cancel = new CancellationTokenSource();
        var reading = test.Store.FindAsync(Note.Type.Id(new ObjectId(test.Shard, 1, 1)), cancel.Token);
        await Eventually.HoldsAsync(() => reading.IsCompleted
            || test.Proxy.Sql.Any(s => s.Contains("SET SESSION", StringComparison.Ordinal)));
        await cancel.CancelAsync();
        try
        {
            await reading;
        }
        catch (OperationCanceledException)
        {
        }

        await using var connection = await ((MySqlShardServer)server).Source.OpenConnectionAsync();
        await using var command = new MySqlCommand("SELECT @@SESSION.innodb_lock_wait_timeout,@@SESSION.sql_mode",
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(5);
        reader.GetString(1).ShouldContain("STRICT_ALL_TABLES");
    }

    static void Down(TestStore test)
    {
        test.Proxies[1].RefuseConnections();
        test.Proxies[1].CutAll();
    }

    /// <summary>Makes every connection that the pool may have, so that all of them are idle afterwards.</summary>
    static async Task FillPoolAsync(TestStore test, int count)
    {
        var server = (MySqlShardServer)(await test.ServerAsync(test.Shard)).Server;
        var connections = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => server.Sessions.OpenAsync(default).AsTask()));
        foreach (var connection in connections)
            await connection.DisposeAsync();
        test.Proxy.OpenConnections.ShouldBe(count);
    }

    static async Task<List<ObjectId<Note>>> CreateNotesAsync(TestStore test)
    {
        var notes = new List<ObjectId<Note>>();
        foreach (var shard in test.Shards)
            notes.Add(await WriteAsync(test, shard));
        return notes;
    }

    static async Task<ObjectId<Note>> WriteAsync(TestStore test, ShardId shard)
    {
        var transaction = test.Store.Begin(shard);
        var note = transaction.Create(new Note("a note"));
        await transaction.CommitAsync();
        return note.Id;
    }
}
