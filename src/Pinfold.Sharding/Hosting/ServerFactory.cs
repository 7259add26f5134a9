using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>Opens a server of the topology with the engine that it names.</summary>
sealed class ServerFactory(TimeSpan timeout)
{
    public async Task<IShardServer> OpenAsync(ServerSpec spec) => spec switch
    {
        MySqlServerSpec mysql => await MySqlShardServer.OpenAsync(mysql, timeout),
        SqliteServerSpec sqlite => new SqliteShardServer(sqlite.Name, sqlite.Folder, timeout),
        _ => throw new NotSupportedException($"{spec.GetType().Name} is an engine that this program does not know."),
    };
}
