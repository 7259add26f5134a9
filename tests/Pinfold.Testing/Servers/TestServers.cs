using System.Collections.Concurrent;

namespace Pinfold.Testing.Servers;

/// <summary>
/// Servers that all tests of a process share, each started when first asked for and ended with the process. Take a
/// fresh database, a <see cref="DatabasePrefix"/>, or keys of your own; never stop one of these (start your own for
/// that).
/// </summary>
public static class TestServers
{
    static readonly ConcurrentDictionary<int, Lazy<Task<MariaDbServer>>> MariaDbs = new();
    static readonly ConcurrentDictionary<int, Lazy<Task<MySqlServer>>> MySqls = new();
    static readonly ConcurrentDictionary<int, Lazy<Task<MemcachedServer>>> Memcacheds = new();

    static readonly ConcurrentDictionary<int, Lazy<Task<RedisServer>>> Redises = new();
    static readonly Lazy<Task<RedisCluster>> Cluster = new(() => RedisCluster.StartAsync());
    static readonly Lazy<Task<SolrNode>> Solr = new(SolrNode.StartAsync);
    static readonly Lazy<Task<IReadOnlyList<SolrNode>>> SolrCloud = new(async () =>
    {
        var first = await SolrNode.StartCloudAsync();
        return [first, await first.StartBesideAsync()];
    });

    // Nobody kills these, so that a commit need not wait for the disk.
    static readonly DatabaseServerOptions Options = new() { IsDurable = false, ConnectionsMax = 1000 };

    public static Task<MariaDbServer> MariaDbAsync(int number = 0) =>
        MariaDbs.GetOrAdd(number, _ => new(() => MariaDbServer.StartAsync(Options))).Value;

    public static Task<MySqlServer> MySqlAsync(int number = 0) =>
        MySqls.GetOrAdd(number, _ => new(() => MySqlServer.StartAsync(Options))).Value;

    public static Task<MemcachedServer> MemcachedAsync(int number = 0) =>
        Memcacheds.GetOrAdd(number, _ => new(() => MemcachedServer.StartAsync())).Value;

    public static Task<RedisServer> RedisAsync(int number = 0) =>
        Redises.GetOrAdd(number, _ => new(() => RedisServer.StartAsync())).Value;

    public static Task<RedisCluster> RedisClusterAsync() => Cluster.Value;
    /// <summary>A Solr that is alone.</summary>
    public static Task<SolrNode> SolrAsync() => Solr.Value;

    /// <summary>A cloud of two nodes.</summary>
    public static Task<IReadOnlyList<SolrNode>> SolrCloudAsync() => SolrCloud.Value;

    /// <summary>
    /// The names of the engines that can run here, for theories over every engine: MariaDB always, MySQL unless
    /// <see cref="MySqlServer.WhyNotAvailable"/> says why not.
    /// </summary>
    public static IEnumerable<string> Engines =>
        MySqlServer.WhyNotAvailable is null ? ["MariaDB", "MySQL"] : ["MariaDB"];

    /// <summary>The shared server of an engine that <see cref="Engines"/> names.</summary>
    public static async Task<DatabaseServer> EngineAsync(string engine) => engine switch
    {
        "MariaDB" => await MariaDbAsync(),
        "MySQL" => await MySqlAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "Must be MariaDB or MySQL."),
    };
}
