using Microsoft.Data.Sqlite;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What only SQLite has: files, which may be missing, foreign, newer, damaged, shared or many.</summary>
public sealed class SqliteFileTests
{
    static readonly byte[] Body = """{"$v":1}"""u8.ToArray();

    [Fact]
    public async Task AFileOfANewerFormatIsRefusedByNameAndLeftAlone()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        await shards.SqlAsync(shards.Shard, "PRAGMA user_version=7");
        await using var newcomer = NewServer(shards.Folder.Path);

        await ShouldBeCorruptAsync(newcomer, shards, canBeMade: false, "pinfold", "format 7", "knows 2",
            "newer program");

        (await shards.SqlAsync(shards.Shard, "PRAGMA user_version")).ShouldBe(["7"]);
        (await shards.SqlAsync(shards.Shard, "SELECT COUNT(*) FROM journal")).ShouldBe(["0"]);
    }

    [Theory]
    [InlineData("text", "not a SQLite database")]
    [InlineData("long text", "not a SQLite database")]
    [InlineData("another program's database", "not that of a shard")]
    public async Task AFileThatIsNoShardIsRefusedByNameAndLeftAlone(string what, string why)
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        var path = shards.PathOf(shards.Shard);
        await using var newcomer = NewServer(shards.Folder.Path);
        await shards.Server.DisposeAsync();
        File.Delete(path);
        if (what.StartsWith("another", StringComparison.Ordinal))
            await shards.SqlAsync(shards.Shard, "CREATE TABLE notes (x)");
        else
            await File.WriteAllTextAsync(path,
                what == "text" ? "hello" : new string('x', 100_000));
        var before = await File.ReadAllBytesAsync(path);

        // Making the shard makes one of a file without anything in it.
        await ShouldBeCorruptAsync(newcomer, shards, what == "nothing", Path.GetFileName(path), why);

        (await File.ReadAllBytesAsync(path)).ShouldBe(before);
    }

    [Fact]
    public async Task ADamagedFileIsNamedAndOtherShardsGoOn()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite, count: 2);
        for (var i = 0; i < 50; i++)
            await shards.CommitAsync(new CreateObject(Pin.Type, 1, new byte[2000]));
        await shards.Server.DisposeAsync();
        await using (var file = File.OpenWrite(shards.PathOf(shards.Shard)))
            for (file.Position = 4096; file.Position < file.Length;)
                file.Write(new byte[4096].Select(_ => (byte)0xdb).ToArray());
        await using var server = NewServer(shards.Folder.Path);

        await ShouldBeCorruptAsync(server, shards, canBeMade: true, Path.GetFileName(shards.PathOf(shards.Shard)),
            "damaged", "backup");

        await CommitAsync(server, TestShards.NewOn(shards.Shards[1], new CreateObject(Pin.Type, 1, Body)));
    }

    [Fact]
    public async Task AFileThatIsTakenAwayIsNotWrittenToThroughAnOpenConnection()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        File.Delete(shards.PathOf(shards.Shard));

        (await TestShards.FailureOf(shards.CommitAsync(shards.New(new CreateObject(Pin.Type, 1, Body)))))
            .ShouldBe(CommitFailure.Fenced);
        (await Should.ThrowAsync<PinfoldException>(() => shards.FindAsync(Pin.Type, 1)))
            .Kind.ShouldBe(ErrorKind.Unavailable);
        File.Exists(shards.PathOf(shards.Shard)).ShouldBeFalse();
    }

    [Fact]
    public async Task ServersOfSeveralProcessesShareAFolder()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        await using var other = NewServer(shards.Folder.Path);
        var added = new ShardId(3);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var server = i % 2 == 0 ? shards.Server : other;
            await server.CreateShardAsync(added, 1, default);
            for (var n = 0; n < 25; n++)
            {
                await CommitAsync(server, TestShards.NewOn(shards.Shard, new CreateObject(Pin.Type, 1, Body)));
                await server.ReadAsync([new JournalRead(shards.Shard, 0, 5), new ShardRowRead(added)], default);
            }
        })));

        (await shards.JournalAsync(shards.Shard)).Select(t => t.Seq)
            .ShouldBe(Enumerable.Range(1, 100).Select(n => (long)n));
        var row = new ShardRowRead(shards.Shard);
        await other.ReadAsync([row], default);
        row.Row.ShouldBe(new ShardRow(1, ShardState.Open, 100, 100));
        (await other.ListShardsAsync(default)).ShouldBe([added, shards.Shard]);
        Directory.GetFiles(shards.Folder.Path, "*.new*").ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherProcessThatKeepsTheFileLockedIsWaitedForThenNamedAndReadersGoOn()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
        await using var impatient = NewServer(shards.Folder.Path, timeout: TimeSpan.FromMilliseconds(300));
        await using var lockedBy = new SqliteConnection($"Data Source={shards.PathOf(shards.Shard)};Pooling=False");
        lockedBy.Open();
        var held = lockedBy.BeginTransaction(deferred: false);
        var write = TestShards.NewOn(shards.Shard, new CreateObject(Pin.Type, 1, Body));

        var error = await Should.ThrowAsync<CommitFailedException>(() => CommitAsync(impatient, write));
        error.Failure.ShouldBe(CommitFailure.Refused);
        error.Message.ShouldContain("Another process");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await shards.Server.CommitAsync([new ShardCommit(shards.Shard, 1, [write])], cancel.Token));
        (await shards.FindAsync(Pin.Type, 1)).ShouldNotBeNull();
        var waiting = CommitAsync(shards.Server, write);
        held.Rollback();

        (await waiting).ShouldBe([new CommitReceipt(2, 1)]);
    }

    [Fact]
    public async Task MoreShardsThanMayBeOpenAreServedOneAfterTheOther()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite, count: 12);
        await shards.Server.DisposeAsync();
        await using var server = NewServer(shards.Folder.Path, openMax: 3);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++)
            {
                var shard = shards.Shards[(i * 5 + worker) % 12];
                await CommitAsync(server, TestShards.NewOn(shard, new CreateObject(Pin.Type, 1, Body)));
                await server.ReadAsync([.. shards.Shards.Select(s => new ShardRowRead(s))], default);
            }
        })));

        var rows = shards.Shards.Select(s => new ShardRowRead(s)).ToList();
        await server.ReadAsync(rows, default);
        rows.ShouldAllBe(r => r.Row == new ShardRow(1, ShardState.Open, 8, 8));
        OpenFiles().Count(f => f.StartsWith(shards.Folder.Path, StringComparison.Ordinal)
                && f.EndsWith(".db", StringComparison.Ordinal))
            .ShouldBeLessThanOrEqualTo(3);
    }

    /// <summary>What this process has open; other tests open and close files meanwhile.</summary>
    static HashSet<string> OpenFiles()
    {
        var files = new HashSet<string>();
        foreach (var descriptor in Directory.GetFiles("/proc/self/fd"))
        {
            try
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false) is { } file)
                    files.Add(file.FullName);
            }
            catch (FileNotFoundException)
            {
                // It was closed after it was listed.
            }
        }
        return files;
    }

    [Fact]
    public async Task ACancelledCommitChangesNothing()
    {
        await using var shards = await TestShards.StartAsync(TestShards.Sqlite);

        await Should.ThrowAsync<OperationCanceledException>(async () => await shards.Server.CommitAsync(
            [new ShardCommit(shards.Shard, 1, [shards.New(new CreateObject(Pin.Type, 1, Body))])],
            new CancellationToken(canceled: true)));

        (await shards.ShardRowAsync(shards.Shard)).ShouldBe(new ShardRow(1, ShardState.Open, 0, 0));
        await shards.CommitAsync(new CreateObject(Pin.Type, 1, Body));
    }

    static SqliteShardServer NewServer(
        string folder, TimeSpan? timeout = null, int openMax = SqliteShardServer.OpenMaxDefault) =>
        new("b", folder, timeout ?? TimeSpan.FromSeconds(10), openMax);

    static async Task<CommitReceipt[]> CommitAsync(IShardServer server, PendingTransaction transaction) =>
        await server.CommitAsync([new ShardCommit(transaction.Shard, 1, [transaction])], CancellationToken.None);

    /// <summary>Reads say so, commits are refused for that reason, and no shard is made in its place.</summary>
    static async Task ShouldBeCorruptAsync(
        IShardServer server, TestShards shards, bool canBeMade, params string[] words)
    {
        var read = await Should.ThrowAsync<PinfoldException>(async () =>
            await server.ReadAsync(
                [new ObjectsRead(shards.Shard, Pin.Type, [.. Enumerable.Range(1, 50).Select(i => (long)i)])], default));
        var write = await Should.ThrowAsync<CommitFailedException>(() =>
            CommitAsync(server, TestShards.NewOn(shards.Shard, new CreateObject(Pin.Type, 1, Body))));
        var errors = new List<PinfoldException> { read, write.InnerException.ShouldBeOfType<PinfoldException>() };
        if (!canBeMade)
            errors.Add(await Should.ThrowAsync<PinfoldException>(async () =>
                await server.CreateShardAsync(shards.Shard, 1, default)));

        write.Failure.ShouldBe(CommitFailure.Refused);
        foreach (var error in errors)
        {
            error.Kind.ShouldBe(ErrorKind.Corrupt);
            error.Shard.ShouldBe(shards.Shard);
            foreach (var word in words)
                error.Message.ShouldContain(word);
        }
    }
}
