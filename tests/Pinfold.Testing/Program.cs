using Pinfold.Testing.Servers;

namespace Pinfold.Testing;

/// <summary>
/// <c>Pinfold.Testing mariadb mysql memcached</c>: starts these, says where they are, holds them until it ends.
/// </summary>
static class Program
{
    static async Task<int> Main(string[] names)
    {
        if (names.Length == 0 || names.Except(["mariadb", "mysql", "memcached"]).Any())
        {
            await Console.Error.WriteLineAsync("usage: Pinfold.Testing [mariadb|mysql|memcached]...");
            return 2;
        }
        foreach (var name in names)
        {
            TestServer server = name switch
            {
                "mariadb" => await MariaDbServer.StartAsync(),
                "mysql" => await MySqlServer.StartAsync(),
                _ => await MemcachedServer.StartAsync(),
            };
            var address = server is DatabaseServer database ? database.ConnectionString : $"127.0.0.1:{server.Port}";
            Console.WriteLine($"{name}\t{server.ProcessId}\t{server.Folder}\t{address}");
        }
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
