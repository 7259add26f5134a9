namespace Pinfold.Sharding.Topology;

/// <summary>
/// Makes the next version of a map. Where nothing changes the map itself is given, so that who publishes can tell.
/// </summary>
static class TopologyEdit
{
    /// <summary>Changes the ranges of these shards; ranges are split where they have to be, and joined where they
    /// can.</summary>
    public static TopologyMap WithRanges(
        this TopologyMap map, IReadOnlySet<ShardId> shards, Func<ShardRange, ShardRange> change)
    {
        var ranges = new List<ShardRange>();
        foreach (var range in map.Ranges)
            for (var shard = range.First.Value; shard <= range.Last.Value; shard++)
            {
                var one = range with { First = new ShardId(shard), Last = new ShardId(shard) };
                if (shards.Contains(one.First))
                    one = change(one);
                if (ranges.Count > 0 && ranges[^1] with { Last = one.Last } is var joined
                    && joined == one with { First = joined.First })
                    ranges[^1] = joined;
                else
                    ranges.Add(one);
            }
        return map.Next(map.Servers, ranges);
    }

    /// <summary>Adds a server, or describes one of that name anew.</summary>
    public static TopologyMap WithServer(this TopologyMap map, ServerSpec server) => map.Next(
        map.Servers.Any(there => there.Name == server.Name)
            ? map.Servers.Select(there => there.Name == server.Name ? server : there)
            : map.Servers.Append(server), map.Ranges);

    /// <summary>Without a server, which has no shards.</summary>
    public static TopologyMap WithoutServer(this TopologyMap map, string name) =>
        map.Next(map.Servers.Where(server => server.Name != name), map.Ranges);

    /// <summary>With its versions on another server.</summary>
    public static TopologyMap WithCatalog(this TopologyMap map, string server) => TopologyMap.Create(
        map.Version + 1, map.ShardCount, map.Servers, map.Ranges, map.NameShardCount, map.Cache, map.Databases.Prefix,
        map.Redis, server);

    /// <summary>The same content under a version, for what was taken from elsewhere.</summary>
    public static TopologyMap AsVersion(this TopologyMap map, long version) =>
        map.With(version, map.Servers, map.Ranges);

    static TopologyMap Next(this TopologyMap map, IEnumerable<ServerSpec> servers, IEnumerable<ShardRange> ranges)
    {
        var next = map.With(map.Version, servers, ranges);
        return next.SameContentAs(map) ? map : next.AsVersion(map.Version + 1);
    }

    static TopologyMap With(
        this TopologyMap map, long version, IEnumerable<ServerSpec> servers, IEnumerable<ShardRange> ranges) =>
        TopologyMap.Create(
            version, map.ShardCount, servers, ranges, map.NameShardCount, map.Cache, map.Databases.Prefix, map.Redis,
            map.CatalogServer?.Name);
}
