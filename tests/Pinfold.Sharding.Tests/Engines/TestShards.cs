using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>
/// New shards of epoch 1 on a real engine, with the few calls that the tests of the contract are made of.
/// </summary>
sealed class TestShards : IAsyncDisposable
{
    public const string Sqlite = "SQLite";

    static readonly string[] Tables = ["shard", "journal", "names", "objects", "entries"];

    // Shards of tests that run at the same time are databases of one server. Others take theirs from the low numbers.
    static readonly StrongBox<int> LastShard = new(40_000);

    readonly TempFolder? _folder;
    readonly DatabaseServer? _database;
    readonly CuttingProxy? _proxy;

    TestShards(IShardServer server, TempFolder? folder, DatabaseServer? database, CuttingProxy? proxy) =>
        (Server, _folder, _database, _proxy) = (server, folder, database, proxy);

    public IShardServer Server { get; }

    public List<ShardId> Shards { get; } = [];

    public ShardId Shard => Shards[0];

    /// <summary>Stands before a MySQL or MariaDB.</summary>
    public CuttingProxy Proxy => _proxy ?? throw new InvalidOperationException("SQLite is not reached over a wire.");

    /// <summary>The folder of SQLite's files.</summary>
    public TempFolder Folder => _folder ?? throw new InvalidOperationException("Only SQLite's shards are in a folder.");

    public static async Task<TestShards> StartAsync(string engine, int count = 1)
    {
        var shards = engine == Sqlite ? StartSqlite() : await StartServerAsync(await TestServers.EngineAsync(engine));
        for (var i = 0; i < count; i++)
            shards.Shards.Add(new ShardId(Interlocked.Increment(ref LastShard.Value)));
        await Parallel.ForEachAsync(shards.Shards, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (shard, token) => await shards.Server.CreateShardAsync(shard, epoch: 1, token));
        return shards;
    }

    /// <summary>Another transaction under a new id, with the journal row that belongs to it.</summary>
    public PendingTransaction New(params WriteOperation[] operations) => NewOn(Shard, operations);

    public static PendingTransaction NewOn(ShardId shard, params WriteOperation[] operations) => new(
        TransactionId.New(DateTimeOffset.UnixEpoch), shard, operations, operations.Count(o => o is CreateObject),
        DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        JournalCodec.Encode([.. operations.Where(o => o is not (RequireObject or RequireAtMost or RequireEntry))
            .Select(o => Draft(o, shard))]));

    public async Task<CommitReceipt> CommitAsync(params WriteOperation[] operations) =>
        (await CommitAsync([New(operations)]))[0];

    public Task<CommitReceipt[]> CommitAsync(params PendingTransaction[] transactions) =>
        CommitAsync(epoch: 1, transactions);

    /// <summary>One commit of all of them, whatever their shards.</summary>
    public async Task<CommitReceipt[]> CommitAsync(long epoch, params PendingTransaction[] transactions) =>
        await Server.CommitAsync(
            [.. transactions.GroupBy(t => t.Shard).OrderBy(g => g.Key)
                .Select(g => new ShardCommit(g.Key, epoch, [.. g]))],
            CancellationToken.None);

    /// <summary>How a commit fails.</summary>
    public static async Task<CommitFailure> FailureOf(Task<CommitReceipt[]> commit)
    {
        try
        {
            await commit;
        }
        catch (CommitFailedException e)
        {
            return e.Failure;
        }
        throw new InvalidOperationException("The commit did not fail.");
    }

    public async Task<TRead> ReadAsync<TRead>(TRead read) where TRead : ShardRead
    {
        await Server.ReadAsync([read], CancellationToken.None);
        return read;
    }

    public async Task<ObjectRow?> FindAsync(ObjectType type, long local) =>
        (await ReadAsync(new ObjectsRead(Shard, type, [local]))).Rows[0];

    public async Task<long> CountAsync(Mapping mapping, ObjectId from) =>
        (await ReadAsync(new CountRead(Shard, mapping, from))).Count;

    public async Task<List<EntryRow>> ListAsync(Mapping mapping, ObjectId from, PageRequest? request = null) =>
        (await ReadAsync(new PageRead(Shard, mapping, from, request ?? new PageRequest(1000)))).Rows;

    public async Task<ShardRow?> ShardRowAsync(ShardId shard) => (await ReadAsync(new ShardRowRead(shard))).Row;

    public async Task<List<JournalTransaction>> JournalAsync(ShardId shard) =>
        [.. (await ReadAsync(new JournalRead(shard, 0, 10_000))).Rows.Select(row => JournalCodec.Decode(shard, row))];

    /// <summary>Everything that a shard holds, to show that nothing has changed.</summary>
    public async Task<string> DumpAsync(ShardId shard)
    {
        var rows = new List<string>();
        foreach (var table in Tables)
            rows.AddRange(await RowsAsync(shard, table));
        return string.Join('\n', rows);
    }

    /// <summary>Runs SQL of the test's own behind the library's back; what it returns, a text per row.</summary>
    public async Task<List<string>> SqlAsync(ShardId shard, string sql)
    {
        await using System.Data.Common.DbConnection connection = _database is null
            ? new SqliteConnection($"Data Source={PathOf(shard)};Pooling=False")
            : new MySqlConnection(_database.ConnectionStringTo(DatabaseNames.Default.Of(shard)) + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = _database is null ? sql : ShardRowSql.OnServer(sql, shard, DatabaseNames.Default);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")));
        return rows;
    }

    public string PathOf(ShardId shard) => Folder[SqliteFiles.NameOf(shard)];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_database is not null)
            await _database.ExecuteAsync(
                string.Concat(Shards.Select(s => $"DROP DATABASE IF EXISTS {DatabaseNames.Default.Of(s)};")) +
                $"DELETE FROM {DatabaseNames.Default.Server}.shards WHERE id IN({string.Join(',', Shards)})");
        _folder?.Dispose();
    }

    async Task<IEnumerable<string>> RowsAsync(ShardId shard, string table) =>
        (await SqlAsync(shard, $"SELECT * FROM {table} ORDER BY 1,2,3,4")).Select(row => $"{table}: {row}");

    static TestShards StartSqlite()
    {
        var folder = new TempFolder("shards");
        var server = new SqliteShardServer("a", folder.Path, TimeSpan.FromSeconds(10));
        return new(server, folder, null, null);
    }

    static async Task<TestShards> StartServerAsync(DatabaseServer database)
    {
        var proxy = await CuttingProxy.StartAsync(database.Port);
        var connection = new MySqlConnectionStringBuilder(proxy.Through(database.ConnectionString));
        var server = new MySqlShardServer("a", connection, TimeSpan.FromSeconds(10));
        return new(server, null, database, proxy);
    }

    static JournalCodec.Draft Draft(WriteOperation operation, ShardId shard) => operation switch
    {
        CreateObject c => new(JournalEntryKind.Created, new IdOrNew(default, shard, c.Type.Number, c.Ordinal)),
        UpdateObject u => new(JournalEntryKind.Updated, new ObjectId(shard, u.Type.Number, u.Local)),
        DeleteObject d => new(
            d.Erase ? JournalEntryKind.Erased : JournalEntryKind.Deleted, new ObjectId(shard, d.Type.Number, d.Local)),
        PutEntry p => new(JournalEntryKind.Mapped, p.From, p.Mapping.Number, p.To, p.Sequence),
        RemoveEntry r => new(JournalEntryKind.Unmapped, r.From, r.Mapping.Number, r.To),
        ReverseEntry r => new(
            r.IsThere ? JournalEntryKind.Mapped : JournalEntryKind.Unmapped, r.From, r.Mapping.Number, r.To),
        _ => new(JournalEntryKind.NameChanged, NameKind: 1),
    };
}
