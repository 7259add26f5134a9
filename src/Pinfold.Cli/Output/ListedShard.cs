namespace Pinfold.Cli.Output;

/// <summary>A shard as its own row and the topology have it.</summary>
sealed record ListedShard(
    int Shard, string Server, long Epoch, string State, long LastSeq, long LastLocalId, string? Problem);
