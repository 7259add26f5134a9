using MySqlConnector;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Cli.Tests.Running;

/// <summary>
/// An installation of 16 shards on two database servers of one engine, which it shares with others, and two Memcached
/// servers of its own.
/// </summary>
sealed class Fleet
{
    const string PasswordVariable = "PINFOLD_TEST_DB_PASSWORD";

    readonly DatabaseServer[] _databases;
    readonly string _prefix = DatabasePrefix.Next();

    Fleet(DatabaseServer[] databases, MemcachedServer[] caches)
    {
        _databases = databases;
        Caches = caches;
        Password = new MySqlConnectionStringBuilder(databases[0].ConnectionString).Password;
    }

    /// <summary>Engines of an installation that can run here.</summary>
    public static TheoryData<string> AllEngines => [.. (string[])["SQLite"], .. TestServers.Engines];

    /// <summary>
    /// Those that a long test runs on. What MySQL does otherwise than MariaDB is tested where its statements are; the
    /// long tests run on it in a soak.
    /// </summary>
    public static TheoryData<string> Engines => Soak.IsOn ? AllEngines : ["SQLite", "MariaDB"];

    public MemcachedServer[] Caches { get; }

    public string Password { get; }

    public static async Task<Fleet> StartAsync(string engine)
    {
        DatabaseServer[] databases = engine == "MySQL"
            ? [await TestServers.MySqlAsync(0), await TestServers.MySqlAsync(1)]
            : [await TestServers.MariaDbAsync(0), await TestServers.MariaDbAsync(1)];
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
              "version": 1, "shardCount": 16, "databasePrefix": "{{_prefix}}",
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
}
