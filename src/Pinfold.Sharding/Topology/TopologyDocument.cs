using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads a topology from top to bottom, and gathers every problem on the way.</summary>
static class TopologyDocument
{
    static readonly string[] Names =
        ["version", "shardCount", "nameShards", "databasePrefix", "servers", "shards", "cache", "redis",
            "catalog"];
    static readonly string[] CacheNames = ["memcached", "memoryMiB"];

    public static TopologyCheck Check(ReadOnlyMemory<byte> utf8Json, string path, TopologyMap? loaded)
    {
        var text = new SourceText(utf8Json);
        var problems = new ProblemList(text);
        var baseFolder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);
        return Outcome(path, Read(text, baseFolder, loaded, problems), problems);
    }

    /// <summary>A topology given in code is written as a file and read back: one set of rules for both.</summary>
    public static TopologyCheck CheckGivenInCode(ReadOnlyMemory<byte> utf8Json)
    {
        var problems = new ProblemList(text: null);
        var map = Read(new SourceText(utf8Json), Directory.GetCurrentDirectory(), loaded: null, problems);
        return Outcome("The topology given in code", map, problems);
    }

    static TopologyCheck Outcome(string source, TopologyMap? map, ProblemList problems) =>
        map is not null ? new(source, map)
        : new(source, [.. problems.InOrder.Select(Told)], problems.Count);

    static TopologyProblem Told(SourceProblem problem) => new(problem.Line, problem.Column, problem.Message);

    static TopologyMap? Read(SourceText text, string baseFolder, TopologyMap? loaded, ProblemList problems)
    {
        if (text.Parse(problems) is not { } node || SourceObject.Open(node, "the topology", problems) is not { } root)
            return null;
        root.RefuseUnknown(Names);
        var version = root.Number("version", 1, long.MaxValue, "a whole number from 1 up, raised with each change");
        var shardCount = (int?)root.Number("shardCount", 1, TopologyMap.ShardCountMax,
            $"a whole number from 1 to {TopologyMap.ShardCountMax}", TopologyMap.DefaultShardCount);
        var nameShards = shardCount is null ? null : (int?)root.Number("nameShards", 1, shardCount.Value,
            $"a whole number from 1 to {shardCount}, the shardCount", byDefault: shardCount);
        var databases = ReadDatabases(root);
        if (loaded is not null)
            RefuseSuccession(root, loaded, version, shardCount, nameShards, databases);

        var servers = new ServerSection(baseFolder, databases ?? DatabaseNames.Default, problems);
        servers.Read(root);
        var shards = new ShardSection(shardCount, servers, problems);
        shards.Read(root);
        var cache = ReadCache(root, problems);
        var redis = new RedisSection(baseFolder, problems);
        redis.Read(root);
        var catalog = ReadCatalog(root, servers);
        if (problems.Count > 0)
            return null;

        var map = new TopologyMap(version!.Value, shardCount!.Value, nameShards!.Value, databases!, servers.Servers,
            shards.Ranges, cache, redis.Roles, catalog);
        if (loaded is null || Succession.RefuseSameVersion(loaded, map) is not { } refusal)
            return map;
        root.Refuse("version", refusal);
        return null;
    }

    static void RefuseSuccession(SourceObject root, TopologyMap loaded, long? version, int? shardCount,
        int? nameShards, DatabaseNames? databases)
    {
        // Without "nameShards" there is one per shard, so a changed shardCount would be told twice.
        if (shardCount != loaded.ShardCount && !root.Has("nameShards"))
            nameShards = null;
        foreach (var (property, message) in
            Succession.Refusals(loaded, version, shardCount, nameShards, databases))
            root.Refuse(property, message);
    }

    static DatabaseNames? ReadDatabases(SourceObject root)
    {
        if (!root.Has("databasePrefix"))
            return DatabaseNames.Default;
        var prefix = root.Text("databasePrefix", DatabaseNames.Right);
        if (prefix is null || DatabaseNames.IsPrefix(prefix))
            return prefix is null ? null : new DatabaseNames(prefix);
        root.Refuse("databasePrefix",
            $"\"databasePrefix\" is {SourceNode.Quote(prefix)}: it should be {DatabaseNames.Right}.");
        return null;
    }

    static string? ReadCatalog(SourceObject root, ServerSection servers)
    {
        if (!root.Has("catalog"))
            return null;
        var name = root.Text("catalog", "the name of one of the servers");
        if (name is null || servers.Names.Contains(name) || !servers.NamesAreComplete)
            return name;
        root.Refuse("catalog", $"\"catalog\" is {SourceNode.Quote(name)}, and no server is called so"
            + NearestName.Suggest(name, servers.Names));
        return null;
    }

    static CacheSpec ReadCache(SourceObject root, ProblemList problems)
    {
        if (root.Node("cache") is not { } node || SourceObject.Open(node, "\"cache\"", problems) is not { } cache)
            return new CacheSpec();
        cache.RefuseUnknown(CacheNames);
        return new CacheSpec
        {
            Memcached = AddressList.Read(cache, "memcached", problems).AsReadOnly(),
            MemoryMiB = (int?)cache.Number("memoryMiB", 1, 1 << 20, "a whole number from 1 to 1048576, in MiB",
                CacheSpec.DefaultMemoryMiB) ?? 0,
        };
    }
}
