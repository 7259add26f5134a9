using MySqlConnector;
using Pinfold.Lab.Programs;
using Pinfold.Pinboard;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks;

/// <summary>Servers as an operator would set them: durable, and with room for the tables of many shards.</summary>
static class BenchServers
{
    public static Task<DatabaseServer> StartAsync(string engine, bool spider = false) =>
        StartAsync(engine, shards: 1024, spider);

    /// <summary>With room for the tables of so many shards.</summary>
    public static async Task<DatabaseServer> StartAsync(string engine, int shards, bool spider = false)
    {
        var tables = 4 * shards + 1000;
        var options = new DatabaseServerOptions
        {
            BufferPoolMegabytes = 1024,
            LoadsSpider = spider,
            Arguments =
            [
                $"--table-definition-cache={tables}", $"--table-open-cache={tables}",
                $"--innodb-open-files={tables}", $"--open-files-limit={2 * tables + 500}",
                engine == "mysql" ? "--innodb-redo-log-capacity=512M" : "--innodb-log-file-size=256M",
            ],
        };
        return engine == "mysql" ? await MySqlServer.StartAsync(options) : await MariaDbServer.StartAsync(options);
    }

    /// <summary>Writes the topology of a pinboard on that server alone; gives its path.</summary>
    /// <param name="server">Where the shards are.</param>
    /// <param name="folder">Where the topology lies, and the password.</param>
    /// <param name="more">What else stands in it.</param>
    public static async Task<string> WriteTopologyAsync(DatabaseServer server, TempFolder folder, string more = "")
    {
        var account = new MySqlConnectionStringBuilder(server.ConnectionString);
        await File.WriteAllTextAsync(folder["password"], account.Password);
        await File.WriteAllTextAsync(folder["topology.json"],
            $$"""
            {
              "version": 1, "shardCount": {{Installation.EmbeddedShards}},
              "servers": [
                { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{account.Port}},
                  "user": "{{account.UserID}}", "passwordFile": "{{folder["password"]}}", "tls": "none" },
              ],
              "shards": [{ "first": 0, "last": {{Installation.EmbeddedShards - 1}}, "server": "db", "epoch": 1 }],
              {{more}}
            }
            """);
        return folder["topology.json"];
    }
}
