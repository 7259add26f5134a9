using Pinfold.Lab.Processes;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Fleet;

/// <summary>What somebody wants a lab to have; null where they did not say.</summary>
public sealed record LabWish(
    LabEngine? Engine, int? Servers, int? Replicas, int? Memcacheds, int? Redises, int? Solrs, int? Shards)
{
    /// <summary>What a new lab has of which nothing was said.</summary>
    public const int ServersByDefault = 2, ReplicasByDefault = 0, CachesByDefault = 1, ShardsByDefault = 64;

    // A Redis for each of the three roles at most.
    const int ServersMax = 16, ReplicasMax = 4, CachesMax = 8, RedisesMax = 3, SolrsMax = 1;

    /// <summary>A new lab.</summary>
    /// <exception cref="PinfoldException">Invalid: it says how many there may be.</exception>
    public LabState Begin()
    {
        Check();
        return Grow(new LabState
        {
            Engine = Engine ?? LabEngine.MariaDb,
            ShardCount = Shards ?? ShardsByDefault,
        });
    }

    /// <summary>
    /// The lab with the database servers that are wanted and missing; what it has stays, and what it is made of.
    /// </summary>
    /// <exception cref="PinfoldException">Conflict: it cannot become what is wanted.</exception>
    public LabState Grow(LabState state)
    {
        Check();
        var isNew = state.Servers.Count == 0;
        if (Engine is { } engine && engine != state.Engine)
            throw Fixed(state.Engine == LabEngine.MySql ? "runs MySQL" : "runs MariaDB");
        if (Shards is { } shards && shards != state.ShardCount)
            throw Fixed($"has {state.ShardCount} shards");
        var servers = new List<LabServer>(state.Servers);
        AddDatabases(servers);
        AddOthers(servers, LabKind.Memcached, "mc", Memcacheds, CachesByDefault, isNew);
        AddOthers(servers, LabKind.Redis, "redis", Redises, 0, isNew);
        AddOthers(servers, LabKind.Solr, "solr", Solrs, 0, isNew);
        return state with { Servers = servers };
    }

    void AddDatabases(List<LabServer> servers)
    {
        var primaries = servers.Where(s => s is { Kind: LabKind.Database, Of: null }).ToList();
        var wanted = Servers ?? (primaries.Count > 0 ? primaries.Count : ServersByDefault);
        var replicas = Replicas
            ?? (primaries.Count > 0 ? servers.Count(s => s.Of == primaries[0].Name) : ReplicasByDefault);
        if (wanted < primaries.Count)
            throw Fixed($"has {primaries.Count} servers");
        for (var i = 1; i <= wanted; i++)
        {
            if (i > primaries.Count)
                servers.Add(NewDatabase(servers, $"db{i}", of: null, domain: i));
            var primary = servers.First(s => s.Name == $"db{i}");
            var has = servers.Count(s => s.Of == primary.Name);
            if (replicas < has)
                throw Fixed($"has {has} replicas of {primary.Name}");
            for (var r = has + 1; r <= replicas; r++)
                servers.Add(NewDatabase(servers, $"{primary.Name}-r{r}", primary.Name, primary.Domain));
        }
    }

    void AddOthers(List<LabServer> servers, LabKind kind, string prefix, int? wanted, int byDefault, bool isNew)
    {
        var has = servers.Count(s => s.Kind == kind);
        if (!isNew && wanted is { } other && other != has)
            throw Fixed($"has {has} of {kind.ToString().ToLowerInvariant()}");
        for (var i = has + 1; isNew && i <= (wanted ?? byDefault); i++)
            servers.Add(WithPorts(
                new LabServer { Name = $"{prefix}{i}", Kind = kind, Port = 0, OwnPort = 0 }, servers));
    }

    static LabServer NewDatabase(List<LabServer> servers, string name, string? of, int domain) =>
        WithPorts(new LabServer
        {
            Name = name,
            Kind = LabKind.Database,
            Of = of,
            Number = servers.Select(s => s.Number).DefaultIfEmpty(0).Max() + 1,
            Domain = domain,
            Port = 0,
            OwnPort = 0,
        }, servers);

    /// <summary>Ports that nobody has, here or elsewhere on the machine.</summary>
    static LabServer WithPorts(LabServer server, IEnumerable<LabServer> beside)
    {
        var taken = beside.SelectMany(s => (int[])[s.Port, s.OwnPort]).ToHashSet();
        return server with { Port = Next(), OwnPort = Next() };

        int Next()
        {
            int port;
            do
                port = LoopbackPort.FindFree();
            while (!taken.Add(port));
            return port;
        }
    }

    void Check()
    {
        Between(Servers, "--servers", 1, ServersMax);
        Between(Replicas, "--replicas", 0, ReplicasMax);
        Between(Memcacheds, "--memcached", 0, CachesMax);
        Between(Redises, "--redis", 0, RedisesMax);
        Between(Solrs, "--solr", 0, SolrsMax);
        Between(Shards, "--shards", 1, Sharding.Topology.TopologyMap.DefaultShardCount);
    }

    static void Between(int? value, string option, int least, int most)
    {
        if (value < least || value > most)
            throw new PinfoldException(ErrorKind.Invalid, $"{option} {value} is not right; {least} to {most} is.");
    }

    static PinfoldException Fixed(string what) => new(ErrorKind.Conflict,
        $"This lab {what}, and only servers and replicas can be added to it: \"pinfold lab down --delete\" makes room "
        + "for another.");
}
