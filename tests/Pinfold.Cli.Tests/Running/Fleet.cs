using MySqlConnector;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Cli.Tests.Running;

/// <summary>Tests that use the two database servers take turns: names of databases are the shards'.</summary>
[CollectionDefinition(Name)]
public sealed class FleetCollection
{
    public const string Name = "fleet";
}

/// <summary>Two database servers of one engine, emptied, and two new Memcached servers: 16 shards.</summary>
sealed class Fleet
{
    const string PasswordVariable = "PINFOLD_TEST_DB_PASSWORD";

    static readonly Lazy<Task<DatabaseServer[]>> MariaDb =
        new(() => StartAsync(async options => await MariaDbServer.StartAsync(options)));
    static readonly Lazy<Task<DatabaseServer[]>> MySql =
        new(() => StartAsync(async options => await MySqlServer.StartAsync(options)));

    readonly DatabaseServer[] _databases;

    Fleet(DatabaseServer[] databases, MemcachedServer[] caches)
    {
        _databases = databases;
        Caches = caches;
        Password = new MySqlConnectionStringBuilder(databases[0].ConnectionString).Password;
    }

    /// <summary>Engines of an installation that can run here.</summary>
    public static TheoryData<string> Engines => [.. (string[])["SQLite"], .. TestServers.Engines];

    public MemcachedServer[] Caches { get; }

    public string Password { get; }

    public static async Task<Fleet> CleanAsync(string engine)
    {
        var databases = await (engine == "MySQL" ? MySql : MariaDb).Value;
        foreach (var database in databases)
            await EmptyAsync(database);
        return new Fleet(
            databases, await Task.WhenAll(MemcachedServer.StartAsync(), MemcachedServer.StartAsync()));
    }

    /// <summary>One server's password comes from a file, the other's from the environment.</summary>
    public string Topology(string passwordFile)
    {
        Environment.SetEnvironmentVariable(PasswordVariable, Password);
        var user = new MySqlConnectionStringBuilder(_databases[0].ConnectionString).UserID;
        return $$"""
            {
              "version": 1, "shardCount": 16,
              "servers": [
                { "name": "db1", "engine": "mysql", "host": "127.0.0.1", "port": {{_databases[0].Port}},
                  "user": "{{user}}", "passwordFile": "{{passwordFile}}", "tls": "none" },
                { "name": "db2", "engine": "mysql", "host": "127.0.0.1", "port": {{_databases[1].Port}},
                  "user": "{{user}}", "passwordEnv": "{{PasswordVariable}}", "tls": "none" },
              ],
              "shards": [
                { "first": 0, "last": 7, "server": "db1", "epoch": 1 },
                { "first": 8, "last": 15, "server": "db2", "epoch": 1 },
              ],
              "cache": { "memcached": [ "{{Caches[0].Address}}", "{{Caches[1].Address}}" ] },
            }
            """;
    }

    static async Task<DatabaseServer[]> StartAsync(Func<DatabaseServerOptions, Task<DatabaseServer>> start)
    {
        // What is killed here is the client; the servers need not survive a power cut.
        var options = new DatabaseServerOptions { IsDurable = false };
        return await Task.WhenAll(start(options), start(options));
    }

    static async Task EmptyAsync(DatabaseServer server)
    {
        const string Names = "SELECT GROUP_CONCAT(CONCAT('DROP DATABASE ', schema_name) SEPARATOR ';') "
            + "FROM information_schema.schemata WHERE schema_name LIKE 'pinfold%'";
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var list = new MySqlCommand($"SET SESSION group_concat_max_len=100000;{Names}", connection);
        if (await list.ExecuteScalarAsync() is not string drop)
            return;
        await using var command = new MySqlCommand(drop, connection);
        await command.ExecuteNonQueryAsync();
    }
}
