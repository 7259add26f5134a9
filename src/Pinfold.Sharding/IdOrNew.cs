namespace Pinfold.Sharding;

/// <summary>
/// An id, or the n-th new object of the same transaction, whose id the shard hands out with the commit.
/// </summary>
readonly record struct IdOrNew(ObjectId Id, ShardId Shard, int Type, int Ordinal)
{
    public bool IsNew => Ordinal > 0;

    public static implicit operator IdOrNew(ObjectId id) => new(id, id.Shard, id.Type, 0);

    /// <summary>What to add to a local base to get the id of a new object.</summary>
    public long Offset => ObjectId.Base(Shard, Type) + Ordinal;

    public ObjectId Resolve(long localBase) => IsNew ? ObjectId.FromInt64(Offset + localBase) : Id;
}
