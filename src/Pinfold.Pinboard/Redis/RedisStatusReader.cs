using System.Globalization;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Redis;

/// <summary>Asks the Redis of each role how it is, and compares that with what the role needs.</summary>
sealed class RedisStatusReader(RedisLinks links)
{
    public async Task<IReadOnlyList<RedisStatus>> ReadAsync(CancellationToken cancellation) =>
        await Task.WhenAll(links.Roles.Select(role => ReadAsync(role, links.Find(role)!, cancellation)));

    static async Task<RedisStatus> ReadAsync(RedisRole role, RedisLink link, CancellationToken cancellation)
    {
        var kind = link.Spec switch
        {
            RedisClusterSpec => "cluster",
            RedisSentinelSpec => "sentinel",
            _ => "alone",
        };
        try
        {
            var servers = await link.NodesAsync(cancellation);
            var nodes = await Task.WhenAll(servers.Select(server => ReadAsync(server, cancellation)));
            return new RedisStatus(role, kind, link.Spec.Location, nodes, [.. Complaints(role, kind, nodes)]);
        }
        catch (PinfoldException e)
        {
            return new RedisStatus(role, kind, link.Spec.Location, [], [e.Message]);
        }
    }

    static IEnumerable<string> Complaints(RedisRole role, string kind, IReadOnlyList<RedisNode> nodes)
    {
        foreach (var node in nodes.Where(node => node.Problem is not null))
            yield return $"{node.Address} does not answer: {node.Problem}";
        var known = nodes.Where(node => node.Problem is null).ToList();
        if (!known.Any(node => node.IsPrimary))
            yield return "no primary is known";
        foreach (var node in known.Where(node => node.Persistence < role.Needs))
            yield return $"{node.Address} keeps {Text(node.Persistence!.Value)}, and this needs {Text(role.Needs)}: "
                + role.Why;
        if (kind == "sentinel" && known.Find(node => node is { IsPrimary: true, WritesAlone: true }) is { } primary)
            yield return $"{primary.Address} takes writes that no replica has, which a failover loses: "
                + "set min-replicas-to-write 1";
    }

    /// <summary>For a person.</summary>
    public static string Text(RedisPersistence? persistence) => persistence switch
    {
        RedisPersistence.None => "nothing",
        RedisPersistence.Snapshots => "snapshots",
        RedisPersistence.AppendOnly => "an append-only file",
        _ => "unknown",
    };

    static async Task<RedisNode> ReadAsync(IServer server, CancellationToken cancellation)
    {
        var address = Format(server);
        try
        {
            var info = Fields((string?)await server.ExecuteAsync("INFO").WaitAsync(cancellation) ?? "");
            var save = await SettingAsync(server, "save", cancellation);
            var replicasToWrite = await SettingAsync(server, "min-replicas-to-write", cancellation);
            RedisPersistence? persistence = info.GetValueOrDefault("aof_enabled") == "1" ? RedisPersistence.AppendOnly
                : save is null ? null : save.Length > 0 ? RedisPersistence.Snapshots : RedisPersistence.None;
            return new RedisNode(
                address, info.GetValueOrDefault("role") == "master", info.GetValueOrDefault("redis_version", "?"),
                persistence, Number(info, "used_memory"), Number(info, "maxmemory"),
                info.GetValueOrDefault("maxmemory_policy", "?"), (int)Number(info, "connected_slaves"),
                replicasToWrite is null ? null : replicasToWrite == "0");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return new RedisNode(address, false, "?", null, 0, 0, "?", 0, null, e.Message);
        }
    }

    static Dictionary<string, string> Fields(string info) => info.Split('\n')
        .Select(line => line.Trim().Split(':', 2)).Where(field => field.Length == 2)
        .DistinctBy(field => field[0]).ToDictionary(field => field[0], field => field[1]);

    /// <summary>Null where the account may not ask, or the provider does not tell.</summary>
    static async Task<string?> SettingAsync(IServer server, string name, CancellationToken cancellation)
    {
        try
        {
            var answer = await server.ExecuteAsync("CONFIG", "GET", name).WaitAsync(cancellation);
            return answer.Length == 2 ? (string?)answer[1] ?? "" : null;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }

    static string Format(IServer server) => server.EndPoint switch
    {
        System.Net.DnsEndPoint name => $"{name.Host}:{name.Port}",
        var address => $"{address}",
    };

    static long Number(Dictionary<string, string> info, string name) =>
        long.TryParse(info.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : 0;
}
