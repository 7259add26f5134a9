namespace Pinfold.Sharding;

/// <summary>Whether a shard takes writes at this place. Stored as a number.</summary>
public enum ShardState
{
    /// <summary>Not here, or not any more: every write is refused.</summary>
    Closed = 0,

    /// <summary>Takes writes of its epoch.</summary>
    Open = 1,
}
