using System.Collections.Concurrent;

namespace Pinfold.Testing.Servers;

/// <summary>
/// Servers that all tests of a process share, each started when first asked for and ended with the process. Take a
/// fresh database, or keys of your own; never stop one of these (start your own for that).
/// </summary>
public static class TestServers
{
    static readonly ConcurrentDictionary<int, Lazy<Task<MariaDbServer>>> MariaDbs = new();
    static readonly ConcurrentDictionary<int, Lazy<Task<MySqlServer>>> MySqls = new();
    static readonly ConcurrentDictionary<int, Lazy<Task<MemcachedServer>>> Memcacheds = new();

    public static Task<MariaDbServer> MariaDbAsync(int number = 0) =>
        MariaDbs.GetOrAdd(number, _ => new(() => MariaDbServer.StartAsync())).Value;

    public static Task<MySqlServer> MySqlAsync(int number = 0) =>
        MySqls.GetOrAdd(number, _ => new(() => MySqlServer.StartAsync())).Value;

    public static Task<MemcachedServer> MemcachedAsync(int number = 0) =>
        Memcacheds.GetOrAdd(number, _ => new(() => MemcachedServer.StartAsync())).Value;
}
