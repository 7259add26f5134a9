namespace Pinfold.Sharding.Topology;

/// <summary>
/// Where a map says that a shard is. A hint: the shard's own row decides, and refuses a write under another
/// <see cref="Epoch"/>.
/// </summary>
public readonly record struct ShardPlacement(ServerSpec Server, long Epoch, bool Open);

/// <summary>The shards of one question that one server has, in the order in which they were asked for.</summary>
public sealed record ServerShards(ServerSpec Server, IReadOnlyList<ShardId> Shards);
