using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Topology;

namespace Pinfold.Pinboard.Redis;

/// <summary>
/// A link for each role that the topology gives a Redis, as the topology was when this was made. Roles that share a
/// Redis have connections of their own to it, so that what is much of one does not keep the other waiting.
/// </summary>
sealed class RedisLinks : IAsyncDisposable
{
    readonly Dictionary<string, RedisLink> _links;

    public RedisLinks(ITopologySource topology, RedisMetrics metrics, TimeProvider time, ILogger<RedisLink> log) =>
        _links = topology.Current.Redis.ToDictionary(
            role => role.Key, role => new RedisLink(role.Value, role.Key, metrics, time, log));

    /// <summary>The roles that have a Redis.</summary>
    public IEnumerable<RedisRole> Roles => RedisRole.All.Where(role => _links.ContainsKey(role.Name));

    /// <summary>Null where each process plays the role in its own memory.</summary>
    public RedisLink? Find(RedisRole role) => _links.GetValueOrDefault(role.Name);

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values)
            await link.DisposeAsync();
    }
}
