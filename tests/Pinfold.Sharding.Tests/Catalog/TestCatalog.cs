using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Topology;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Sharding.Tests.Catalog;

/// <summary>A server of each engine with a catalog of its own, that nobody has written to yet.</summary>
sealed class TestCatalog : IAsyncDisposable
{
    readonly TempFolder _folder = new("catalog");
    readonly Func<IShardServer> _open;

    TestCatalog(Func<TempFolder, Func<IShardServer>> open)
    {
        _open = open(_folder);
        Server = _open();
    }

    public IShardServer Server { get; }

    public ICatalogDatabase Database => Server.Catalog;

    public static async Task<TestCatalog> StartAsync(string engine)
    {
        if (engine == TestShards.Sqlite)
            return new(folder => () => new SqliteShardServer("a", folder.Path, TimeSpan.FromSeconds(10)));
        var database = await TestServers.EngineAsync(engine);
        var names = new DatabaseNames(DatabasePrefix.Next());
        return new(_ => () => new MySqlShardServer(
            "a", new MySqlConnectionStringBuilder(database.ConnectionString), TimeSpan.FromSeconds(10), names));
    }

    /// <summary>As another process has it.</summary>
    public IShardServer OpenAgain() => _open();

    /// <summary>Runs SQL, of which {0} is what stands before a table.</summary>
    public async Task SqlAsync(string sql) => await Database.ChangeAsync(
        [new CatalogStatement(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, sql, Database.Before), [], Rows: null)], default);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
