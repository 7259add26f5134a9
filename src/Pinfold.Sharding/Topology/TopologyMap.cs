using System.Runtime.InteropServices;
using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// Which server has which shard, under which epoch: one version of the topology, whole, checked and immutable. Nothing
/// here touches a file or a server.
/// </summary>
/// <remarks>
/// A map is a hint that every process keeps. A stale one costs a refused write and a refresh
/// (<see cref="ITopologySource.RefreshAsync"/>), never a lost write: the epoch in the shard's own row decides.
/// </remarks>
public sealed class TopologyMap
{
    /// <summary>The most shards there can be: the id has 16 bits for them.</summary>
    public const int ShardCountMax = 65536;

    /// <summary>The shard count when a topology file names none.</summary>
    public const int DefaultShardCount = 4096;

    readonly ShardPlacement[] _placements;
    readonly Dictionary<string, ServerSpec> _servers;
    readonly NewOwnerDice _dice;
    readonly Lazy<byte[]> _json;

    /// <summary>
    /// Takes what <see cref="TopologyDocument"/> found to be right; ranges ascend and cover every shard.
    /// </summary>
    internal TopologyMap(long version, int shardCount, int nameShardCount, DatabaseNames databases,
        ServerSpec[] servers, ShardRange[] ranges, CacheSpec cache, IDictionary<string, RedisSpec> redis,
        string? catalog)
    {
        Version = version;
        ShardCount = shardCount;
        NameShardCount = nameShardCount;
        Databases = databases;
        Servers = Array.AsReadOnly(servers);
        Ranges = Array.AsReadOnly(ranges);
        Cache = cache;
        Redis = redis.AsReadOnly();
        _servers = servers.ToDictionary(server => server.Name, StringComparer.Ordinal);
        CatalogServer = catalog is null ? null : _servers[catalog];
        _placements = new ShardPlacement[shardCount];
        foreach (var range in ranges)
            Array.Fill(_placements, new ShardPlacement(_servers[range.Server], range.Epoch, range.Open),
                range.First.Value, range.ShardCount);
        _dice = new NewOwnerDice(ranges);
        _json = new Lazy<byte[]>(
            () => TopologyJson.Write(
                Version, ShardCount, NameShardCount, Databases.Prefix, Servers, Ranges, Cache, Redis,
                CatalogServer?.Name));
    }

    /// <summary>Rises with every change, from 1; of two maps the one with the greater version holds.</summary>
    public long Version { get; }

    /// <summary>
    /// How many shards there are, 1 to 65,536, numbered from 0; fixed for the life of an installation.
    /// </summary>
    public int ShardCount { get; }

    /// <summary>Names live on shards 0 to this minus one; fixed for the life of an installation.</summary>
    public int NameShardCount { get; }

    /// <summary>What databases are called on its MySQL servers; fixed for the life of an installation.</summary>
    public DatabaseNames Databases { get; }

    /// <summary>The servers, in the order of the file; one without shards is there for shards to move to.</summary>
    public IReadOnlyList<ServerSpec> Servers { get; }

    /// <summary>The ranges, ascending; together they cover every shard once.</summary>
    public IReadOnlyList<ShardRange> Ranges { get; }

    /// <summary>Where objects are cached.</summary>
    public CacheSpec Cache { get; }

    /// <summary>
    /// By what the application calls its role, a Redis for it; a role that is not here has none. The library itself
    /// uses none.
    /// </summary>
    public IReadOnlyDictionary<string, RedisSpec> Redis { get; }

    /// <summary>
    /// The server that keeps the topology's versions, operations and their history; null where a file or code alone
    /// says what the topology is.
    /// </summary>
    public ServerSpec? CatalogServer { get; }

    /// <summary>Checks and takes a topology that is given in code, by the same rules as a file.</summary>
    /// <param name="version">From 1 up.</param>
    /// <param name="shardCount">1 to 65,536.</param>
    /// <param name="servers">At least one.</param>
    /// <param name="ranges">In any order; together they cover every shard once.</param>
    /// <param name="nameShardCount">1 to <paramref name="shardCount"/>; null for all shards.</param>
    /// <param name="cache">Null for an in-process cache of the default size.</param>
    /// <param name="databasePrefix">What databases on MySQL servers begin with, whatever the servers say.</param>
    /// <param name="redis">By role; null for none.</param>
    /// <param name="catalog">The name of the server that keeps its versions; null for none.</param>
    /// <exception cref="PinfoldException">Invalid: the message lists every problem.</exception>
    public static TopologyMap Create(long version, int shardCount, IEnumerable<ServerSpec> servers,
        IEnumerable<ShardRange> ranges, int? nameShardCount = null, CacheSpec? cache = null,
        string databasePrefix = DatabaseNames.DefaultPrefix, IReadOnlyDictionary<string, RedisSpec>? redis = null,
        string? catalog = null) =>
        TopologyDocument.CheckGivenInCode(TopologyJson.Write(version, shardCount, nameShardCount ?? shardCount,
            databasePrefix, servers, ranges, cache ?? new CacheSpec(), redis ?? new Dictionary<string, RedisSpec>(),
            catalog)).GetMap();

    /// <summary>The map of an installation that needs no server: every shard a SQLite file in one folder.</summary>
    /// <exception cref="PinfoldException">Invalid: the shard count is not 1 to 65,536.</exception>
    public static TopologyMap Embedded(string folder, int shardCount = 16, CacheSpec? cache = null) =>
        Create(1, shardCount, [new SqliteServerSpec("embedded", Path.GetFullPath(folder))],
            [new ShardRange(new ShardId(0), new ShardId(Math.Clamp(shardCount, 1, ShardCountMax) - 1), "embedded")],
            cache: cache, catalog: "embedded");

    /// <summary>Where a shard is; an array read.</summary>
    /// <exception cref="PinfoldException">NotFound: there are fewer shards.</exception>
    public ShardPlacement Shard(ShardId shard) =>
        shard.Value < _placements.Length ? _placements[shard.Value] : throw NoSuchShard(shard);

    /// <summary>Groups shards by server, so that each can be asked once; servers in order of first mention.</summary>
    /// <exception cref="PinfoldException">NotFound: one of them is beyond the shard count.</exception>
    public IReadOnlyList<ServerShards> ServersFor(IEnumerable<ShardId> shards)
    {
        var groups = new List<ServerShards>();
        var lists = new Dictionary<ServerSpec, List<ShardId>>(ReferenceEqualityComparer.Instance);
        foreach (var shard in shards)
        {
            var server = Shard(shard).Server;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, server, out var known);
            if (!known)
                groups.Add(new ServerShards(server, list = []));
            list!.Add(shard);
        }
        return groups;
    }

    /// <summary>The shards of a server, ascending; none for a server that only waits for some.</summary>
    /// <exception cref="PinfoldException">NotFound: no server has this name.</exception>
    public IReadOnlyList<ShardId> ShardsOn(string server)
    {
        GetServer(server);
        return [.. Ranges.Where(range => range.Server == server)
            .SelectMany(range => Enumerable.Range(range.First.Value, range.ShardCount))
            .Select(shard => new ShardId(shard))];
    }

    /// <summary>The server of this name.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none; the message names those that exist.</exception>
    public ServerSpec GetServer(string name) =>
        _servers.GetValueOrDefault(name) ?? throw new PinfoldException(ErrorKind.NotFound,
            $"No server is called \"{name}\"{NearestName.Suggest(name, _servers.Keys)}");

    /// <summary>The shard for a new owner: open shards by weight. In one map, equal rolls give equal shards.</summary>
    /// <param name="roll">64 evenly distributed random bits.</param>
    public ShardId PickShardForNewOwner(ulong roll) => _dice.Pick(roll);

    /// <inheritdoc cref="PickShardForNewOwner(ulong)"/>
    public ShardId PickShardForNewOwner(Random random)
    {
        ulong roll = 0;
        random.NextBytes(MemoryMarshal.AsBytes(new Span<ulong>(ref roll)));
        return PickShardForNewOwner(roll);
    }

    /// <summary>The shard that keeps a name: SipHash-2-4 of its bytes, modulo the name shards; for ever.</summary>
    /// <param name="nameKey">The normalised name with its kind, as bytes; equal names must be equal bytes.</param>
    public ShardId NameShard(ReadOnlySpan<byte> nameKey) =>
        new((int)(NameHash.Of(nameKey) % (ulong)NameShardCount));

    /// <summary>
    /// The map as a file, with every default written out, paths absolute and a line for each server and range: equal
    /// maps give equal bytes.
    /// </summary>
    public ReadOnlyMemory<byte> ToJson() => _json.Value;

    /// <summary>Whether both say the same, version included.</summary>
    public bool SameContentAs(TopologyMap other) => _json.Value.AsSpan().SequenceEqual(other._json.Value);

    /// <summary>Draws the map for a terminal.</summary>
    /// <param name="barWidth">Characters of the bar, 1 to 1,000; it is shorter when there are fewer shards.</param>
    public TopologyDrawing Draw(int barWidth = 64) => TopologyDrawing.Of(this, Math.Clamp(barWidth, 1, 1000));

    PinfoldException NoSuchShard(ShardId shard) => new(ErrorKind.NotFound,
        $"There is no shard {shard}: this topology has {ShardCount} shards, 0 to {ShardCount - 1}.")
    { Shard = shard };
}
