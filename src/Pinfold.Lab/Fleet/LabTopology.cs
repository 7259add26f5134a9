using System.Text;
using Pinfold.Lab.Programs;
using Pinfold.Lab.State;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;

namespace Pinfold.Lab.Fleet;

/// <summary>The topology file of a lab: its shards in equal parts on its servers.</summary>
static class LabTopology
{
    /// <summary>The roles of the pinboard that may have a Redis; with fewer than these, some share one.</summary>
    static readonly string[] RedisRoles = ["feeds", "counters", "rateLimits"];

    public static void Write(LabFolder lab)
    {
        var state = lab.State;
        var primaries = state.OfKind(LabKind.Database).Where(s => s.Of is null).ToList();
        var map = TopologyMap.Create(1, state.ShardCount,
            primaries.Select(primary => Server(lab, primary)), Ranges(state.ShardCount, primaries),
            cache: new CacheSpec { Memcached = [.. state.OfKind(LabKind.Memcached).Select(Address)] },
            redis: Redis([.. state.OfKind(LabKind.Redis)]), catalog: primaries[0].Name);
        lab.WriteOwn(Path.GetFileName(lab.TopologyPath), Encoding.UTF8.GetString(map.ToJson().Span));
    }

    static MySqlServerSpec Server(LabFolder lab, LabServer primary) =>
        new(primary.Name, Address(primary), DatabaseProgram.User)
        {
            Password = PasswordSource.FromFile(lab.PasswordPath),
            Replicas = [.. lab.State.Servers.Where(s => s.Of == primary.Name).Select(Address)],
            Tls = TlsMode.None,
        };

    /// <summary>The first ones have a shard more where it does not divide; with few shards some have none.</summary>
    static IEnumerable<ShardRange> Ranges(int shards, List<LabServer> primaries)
    {
        var first = 0;
        foreach (var (index, primary) in primaries.Index())
        {
            var count = (shards / primaries.Count) + (index < shards % primaries.Count ? 1 : 0);
            if (count > 0)
                yield return new ShardRange(new ShardId((ushort)first), new ShardId((ushort)(first + count - 1)),
                    primary.Name, 1);
            first += count;
        }
    }

    static Dictionary<string, RedisSpec> Redis(List<LabServer> redises) => redises.Count == 0 ? []
        : RedisRoles.Index().ToDictionary(
            role => role.Item, role => (RedisSpec)new RedisServerSpec(Address(redises[role.Index % redises.Count])));

    static HostPort Address(LabServer server) => new("127.0.0.1", server.Port);
}
