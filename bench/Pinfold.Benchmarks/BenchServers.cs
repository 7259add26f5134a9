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
}
