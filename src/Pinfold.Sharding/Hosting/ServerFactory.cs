using MySqlConnector;
using Pinfold.Sharding.Storage;
using Pinfold.Sharding.Storage.MySql;
using Pinfold.Sharding.Storage.Sqlite;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>Opens a server of the topology with the engine that it names.</summary>
sealed class ServerFactory(ShardingModel model, TimeSpan timeout)
{
    public async Task<IShardServer> OpenAsync(ServerSpec spec) => spec switch
    {
        MySqlServerSpec mysql => new MySqlShardServer(mysql.Name, await ConnectionAsync(mysql), model, timeout),
        SqliteServerSpec sqlite => new SqliteShardServer(sqlite.Name, sqlite.Folder, model, timeout),
        _ => throw new NotSupportedException($"{spec.GetType().Name} is an engine that this program does not know."),
    };

    static async Task<MySqlConnectionStringBuilder> ConnectionAsync(MySqlServerSpec spec) => new()
    {
        Server = spec.Address.Host,
        Port = (uint)spec.Address.Port,
        UserID = spec.User,
        Password = spec.Password is null ? "" : await spec.Password.ReadAsync(CancellationToken.None),
        MaximumPoolSize = (uint)spec.ConnectionsMax,
        SslMode = spec.Tls switch
        {
            TlsMode.None => MySqlSslMode.None,
            TlsMode.Preferred => MySqlSslMode.Preferred,
            TlsMode.Required => MySqlSslMode.Required,
            TlsMode.VerifyCa => MySqlSslMode.VerifyCA,
            _ => MySqlSslMode.VerifyFull,
        },
        // Without TLS MySQL 8's default authentication needs the server's key; it is asked for only then.
        AllowPublicKeyRetrieval = spec.Tls is TlsMode.None or TlsMode.Preferred,
    };
}
