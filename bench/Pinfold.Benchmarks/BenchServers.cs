using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks;

/// <summary>Servers as an operator would set them: durable, and with room for the tables of many shards.</summary>
static class BenchServers
{
    public static async Task<DatabaseServer> StartAsync(string engine, bool spider = false)
    {
        var options = new DatabaseServerOptions
        {
            BufferPoolMegabytes = 1024,
            LoadsSpider = spider,
            Arguments = ["--table-definition-cache=8000", "--table-open-cache=8000", "--innodb-log-file-size=256M"],
        };
        return engine == "mysql" ? await MySqlServer.StartAsync(options) : await MariaDbServer.StartAsync(options);
    }
}
