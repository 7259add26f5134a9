namespace Pinfold.Sharding;

/// <summary>An object as its shard had it when it was read (or last cached).</summary>
/// <param name="Id">Its address.</param>
/// <param name="Body">Its body, brought up to the current schema version.</param>
/// <param name="Version">1 when created, one more with each update; to be given to the next update.</param>
/// <param name="Seq">The number of the journal row that wrote it.</param>
public sealed record Stored<T>(ObjectId<T> Id, T Body, long Version, long Seq) where T : class;

/// <summary>An entry of a mapping.</summary>
/// <param name="To">The other end.</param>
/// <param name="Sequence">Its place in the list.</param>
/// <param name="Body">What the entry itself carries; empty for most.</param>
public readonly record struct Entry<TTo>(ObjectId<TTo> To, long Sequence, ReadOnlyMemory<byte> Body)
    where TTo : class;

/// <summary>A write that is on disk: where its shard's journal has it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Seq">Its number there. A replica that has reached it has this write.</param>
public readonly record struct Commit(ShardId Shard, long Seq);

/// <summary>What a read of many objects brought when some shards did not answer.</summary>
/// <param name="Items">Place by place; null is missing, or on a shard that did not answer.</param>
/// <param name="Failures">The places that could not be read, each with its shard and why.</param>
public sealed record PartialRead<T>(IReadOnlyList<Stored<T>?> Items, IReadOnlyList<ReadFailure> Failures)
    where T : class;

/// <summary>A place that could not be read: not "missing", but unknown.</summary>
public sealed record ReadFailure(int Place, ShardId Shard, PinfoldException Error);
