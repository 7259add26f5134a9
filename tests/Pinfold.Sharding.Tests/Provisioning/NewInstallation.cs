using MySqlConnector;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Provisioning;

/// <summary>
/// An installation of four shards on two servers that has never been started. A server is a folder, or databases of
/// their own on a MySQL or MariaDB. Its text says all that another process needs to open it.
/// </summary>
sealed class NewInstallation : IAsyncDisposable
{
    public const int ShardCount = 4;

    static readonly ShardingModel Model = new([Pin.Type, Board.Type], [BoardHasPins, BoardFollowsBoards], []);

    readonly TempFolder? _folder;
    readonly DatabaseServer? _database;

    NewInstallation(string text, TempFolder? folder, DatabaseServer? database) =>
        (Text, _folder, _database) = (text, folder, database);

    /// <summary>A folder, or a prefix and a connection string.</summary>
    public string Text { get; }

    /// <summary>The folder of the first server's files; SQLite only.</summary>
    public string FirstFolder => _folder!["a"];

    public static async Task<NewInstallation> OnAsync(string engine)
    {
        if (engine == TestShards.Sqlite)
        {
            var folder = new TempFolder("new");
            return new NewInstallation(folder.Path, folder, null);
        }
        var database = await TestServers.EngineAsync(engine);
        return new NewInstallation($"n{Guid.NewGuid():N}"[..12] + "|" + database.ConnectionString, null, database);
    }

    /// <summary>As a process opens it; <paramref name="around"/> puts something before each server.</summary>
    public static ShardedStore Open(string text, Func<IShardServer, IShardServer>? around = null) =>
        Open(MapOf(text), _ => text, around);

    /// <summary>Another topology, with a text like an installation's for each server.</summary>
    public static ShardedStore Open(
        TopologyMap map, Func<ServerSpec, string> text, Func<IShardServer, IShardServer>? around)
    {
        var servers = new ServerSet(
            spec => Task.FromResult(around is null ? Open(spec, text(spec)) : around(Open(spec, text(spec)))),
            CommitLimits.Default, TimeProvider.System, new ShardingMetrics());
        return new ShardedStore(
            Model, new FixedTopologySource(map), servers, null, TimeProvider.System, StoreLimits.Default);
    }

    public ShardedStore Open(Func<IShardServer, IShardServer>? around = null) => Open(Text, around);

    /// <summary>Runs SQL against the databases behind the library's back; <c>{0}</c> stands for a shard's.</summary>
    public Task SqlAsync(ShardId shard, string sql)
    {
        var names = NamesOf(Text, ServerOf(shard));
        return _database!.ExecuteAsync(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, sql, names.Of(shard), names.Server));
    }

    /// <summary>The names of the tables in a shard's database.</summary>
    public async Task<string[]> TablesAsync(ShardId shard) =>
        (await _database!.ScalarAsync("SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES "
            + $"WHERE TABLE_SCHEMA='{NamesOf(Text, ServerOf(shard)).Of(shard)}'") as string ?? "").Split(',');

    public string FileOf(ShardId shard) => Path.Combine(_folder![ServerOf(shard)], $"pinfold{shard.Value:D5}.db");

    public async ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        if (_database is null)
            return;
        var prefix = Text[..Text.IndexOf('|', StringComparison.Ordinal)];
        var drop = await _database.ScalarAsync("SELECT GROUP_CONCAT(CONCAT('DROP DATABASE ',schema_name) SEPARATOR ';')"
            + $"FROM information_schema.schemata WHERE schema_name LIKE '{prefix}%'");
        if (drop is string sql)
            await _database.ExecuteAsync(sql);
    }

    static string ServerOf(ShardId shard) => shard.Value < ShardCount / 2 ? "a" : "b";

    static DatabaseNames NamesOf(string text, string server) =>
        text.StartsWith('|') ? DatabaseNames.Default
            : new($"{text[..text.IndexOf('|', StringComparison.Ordinal)]}_{server}");

    static IShardServer Open(ServerSpec spec, string text) => spec is SqliteServerSpec sqlite
        ? new SqliteShardServer(sqlite.Name, sqlite.Folder, TimeSpan.FromSeconds(30))
        : new MySqlShardServer(
            spec.Name, new MySqlConnectionStringBuilder(text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..]),
            TimeSpan.FromSeconds(30), NamesOf(text, spec.Name));

    static TopologyMap MapOf(string text) => TopologyMap.Create(1, ShardCount,
        new[] { "a", "b" }.Select(name => text.Contains('|', StringComparison.Ordinal)
            ? (ServerSpec)new MySqlServerSpec(name, new HostPort(name, 3306), "pinfold")
            : new SqliteServerSpec(name, Path.Combine(text, name))),
        [
            new ShardRange(new ShardId(0), new ShardId(ShardCount / 2 - 1), "a"),
            new ShardRange(new ShardId(ShardCount / 2), new ShardId(ShardCount - 1), "b"),
        ]);
}
