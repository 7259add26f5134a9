using System.Text.Json;
using System.Text.Json.Serialization;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Operations;

/// <summary>Changes of the map alone, which move nothing: which servers there are, and where new owners go.</summary>
public sealed class TopologyOperations
{
    readonly ITopologySource _topology;

    internal TopologyOperations(ITopologySource topology) => _topology = topology;

    /// <summary>Has new owners placed on these shards, or no longer; those that are there write either way.</summary>
    /// <param name="first">The first shard.</param>
    /// <param name="last">The last one, itself included.</param>
    /// <param name="isOpen">Whether new owners are placed there.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">
    /// NotFound: there are fewer shards. Invalid: they are so already, or no shard would be left for new owners.
    /// </exception>
    public async Task<OperationPlan> PlanOpenAsync(
        ShardId first, ShardId last, bool isOpen, CancellationToken cancellation = default)
    {
        var map = await _topology.RefreshAsync(cancellation);
        map.Shard(first);
        map.Shard(last);
        if (last.Value < first.Value)
            throw PinfoldException.Invalid($"{first}-{last} is no range: the first shard comes first.");
        var shards = Enumerable.Range(first.Value, last.Value - first.Value + 1).Select(n => new ShardId(n)).ToList();
        if (shards.All(shard => map.Shard(shard).Open == isOpen))
            throw PinfoldException.Invalid(
                $"Shards {first}-{last} are {(isOpen ? "open" : "closed")} for new owners already.");
        var verb = isOpen ? "open" : "close";
        return new OperationPlan(
            verb, $"{verb} shards {first}-{last} for new owners",
            JsonSerializer.SerializeToElement(
                new OpenChange(first.Value, last.Value, isOpen), OperationJson.Default.OpenChange),
            [new("publish", $"shards {first}-{last}", isOpen ? "new owners are placed on these shards"
                : "no new owner is placed on these shards")],
            [], []);
    }

    /// <summary>Adds a server, for shards to move to.</summary>
    /// <exception cref="PinfoldException">Conflict: there is one of that name.</exception>
    public async Task<OperationPlan> PlanAddAsync(ServerSpec server, CancellationToken cancellation = default)
    {
        var map = await _topology.RefreshAsync(cancellation);
        if (map.Servers.Any(there => there.Name == server.Name))
            throw new PinfoldException(ErrorKind.Conflict, $"A server is called \"{server.Name}\" already.");
        var next = map.WithServer(server);
        return new OperationPlan(
            "server-add", $"add server {server.Name} at {server.Location}",
            JsonSerializer.SerializeToElement(
                new AddChange(server.Name, JsonElement.Parse(next.ToJson().Span)), OperationJson.Default.AddChange),
            [
                new("check", server.Name, "it answers, is an engine and a version that shards can be on, and lets this "
                    + "user do what shards need"),
                new("publish", server.Name, "shards can be moved to it"),
            ],
            [$"server {server.Name}"], []);
    }

    /// <summary>Takes a server that has no shards out of the map; every process closes its connections to it.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none. Conflict: it has shards, or the catalog.</exception>
    public async Task<OperationPlan> PlanRemoveAsync(string name, CancellationToken cancellation = default)
    {
        var map = await _topology.RefreshAsync(cancellation);
        var server = map.GetServer(name);
        RefuseInUse(map, server);
        return new OperationPlan(
            "server-remove", $"remove server {name}",
            JsonSerializer.SerializeToElement(new RemoveChange(name), OperationJson.Default.RemoveChange),
            [new("publish", name, "no process knows it; what is on its disks is as it was")], [$"server {name}"], []);
    }

    /// <summary>The map without a server, if it is there and not in use.</summary>
    internal static TopologyMap Without(TopologyMap map, string name)
    {
        if (map.Servers.FirstOrDefault(server => server.Name == name) is not { } server)
            return map;
        RefuseInUse(map, server);
        return map.WithoutServer(name);
    }

    static void RefuseInUse(TopologyMap map, ServerSpec server)
    {
        if (map.ShardsOn(server.Name) is { Count: > 0 } shards)
            throw new PinfoldException(ErrorKind.Conflict,
                $"Server {server.Name} has {shards.Count} shards, the first is {shards[0]}: move them elsewhere first, "
                + $"as \"pinfold server drain {server.Name}\" does.");
        if (map.CatalogServer == server)
            throw new PinfoldException(ErrorKind.Conflict,
                $"Server {server.Name} has the catalog, which would be lost with it: name another server for it "
                + "first.");
    }
}

/// <summary>Opens or closes a range for new owners.</summary>
sealed record OpenChange(int First, int Last, bool IsOpen);

/// <summary>Adds a server; it is described in a topology, so that there is one way to read it.</summary>
sealed record AddChange(string Name, JsonElement Topology);

/// <summary>Takes a server out.</summary>
sealed record RemoveChange(string Name);

/// <summary>The parameters of operations, as the ledger keeps them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenChange))]
[JsonSerializable(typeof(AddChange))]
[JsonSerializable(typeof(RemoveChange))]
sealed partial class OperationJson : JsonSerializerContext;
