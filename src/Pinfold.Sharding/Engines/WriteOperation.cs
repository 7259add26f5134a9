using System.Buffers.Binary;

namespace Pinfold.Sharding.Engines;

/// <summary>One change within a transaction, independent of the engine.</summary>
abstract record WriteOperation;

/// <summary>The <paramref name="Ordinal"/>-th new object (from 1) of its transaction.</summary>
sealed record CreateObject(ObjectType Type, int Ordinal, byte[] Body) : WriteOperation;

/// <summary>A new body; fails when the object is missing or, if given, the version is another one.</summary>
sealed record UpdateObject(ObjectType Type, long Local, long? ExpectedVersion, byte[] Body) : WriteOperation;

/// <summary>Hides an object, or erases its body for good (erasing also works on a hidden one).</summary>
sealed record DeleteObject(ObjectType Type, long Local, long? ExpectedVersion, bool Erase) : WriteOperation;

/// <summary>Adds an entry, or gives the pair's entry another sequence and body.</summary>
sealed record PutEntry(Mapping Mapping, IdOrNew From, IdOrNew To, long Sequence, byte[] Body) : WriteOperation;

/// <summary>Removes the pair's entry, if there is one.</summary>
sealed record RemoveEntry(Mapping Mapping, ObjectId From, ObjectId To) : WriteOperation;

/// <summary>
/// Fails when the object is missing or, if given, its version is another one, before anything else of its transaction
/// is done; changes nothing.
/// </summary>
sealed record RequireObject(ObjectType Type, long Local, long? ExpectedVersion) : WriteOperation;

/// <summary>
/// Fails when the list has more entries than that before anything else of its transaction is done; changes nothing.
/// </summary>
sealed record RequireAtMost(Mapping Mapping, ObjectId From, long EntriesMax) : WriteOperation;

/// <summary>
/// Fails unless the pair has an entry (of that sequence, if given), or has none, before anything else of its
/// transaction is done; changes nothing.
/// </summary>
sealed record RequireEntry(Mapping Mapping, ObjectId From, ObjectId To, bool IsThere, long? Sequence = null)
    : WriteOperation;

/// <summary>
/// Says what a pair of a reverse mapping is by a change of its forward one: an entry or none. Nothing happens if the
/// shard knows of that change, or of a later one, already.
/// </summary>
/// <param name="Mapping">The reverse mapping.</param>
/// <param name="From">Whose list.</param>
/// <param name="To">Who is in it, or is not.</param>
/// <param name="IsThere">Whether there is an entry after the change.</param>
/// <param name="Sequence">The entry's sequence.</param>
/// <param name="Number">The journal number of the change; those of one pair are all of one shard.</param>
/// <param name="At">When this is written. A removal leaves a tombstone, and sweeps the list's old ones away.</param>
sealed record ReverseEntry(
    Mapping Mapping, ObjectId From, ObjectId To, bool IsThere, long Sequence, long Number, DateTimeOffset At)
    : WriteOperation
{
    /// <summary>How long a tombstone refuses older changes.</summary>
    public static readonly TimeSpan TombstoneKept = TimeSpan.FromDays(1);

    /// <summary>How many tombstones one removal sweeps away.</summary>
    public const int SweptMax = 1000;

    /// <summary>What stands in <c>n</c> of a tombstone, so that it is neither an entry nor a count.</summary>
    public const int Tombstone = -1;

    /// <summary>Where it is written in its list: tombstones before all entries, by age.</summary>
    public long Place => IsThere ? Sequence : TombstoneAt(At);

    /// <summary>Tombstones before this place are too old to be of use.</summary>
    public long SweepBefore => TombstoneAt(At - TombstoneKept);

    /// <summary>The number as bytes that compare as numbers do: the entry's body.</summary>
    public byte[] NumberBytes()
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Number);
        return bytes;
    }

    static long TombstoneAt(DateTimeOffset at) => long.MinValue + at.ToUnixTimeMilliseconds();
}

/// <summary>Sets the count of a list to how many entries it has.</summary>
sealed record RecountList(Mapping Mapping, ObjectId From) : WriteOperation;

/// <summary>Takes a name for a transaction that is to follow on its owner's shard; fails when it is taken.</summary>
sealed record ReserveName(byte Kind, byte[] Name, ShardId OwnerShard, TransactionId OwnerTransaction, DateTimeOffset At)
    : WriteOperation;

/// <summary>Makes a reservation of that transaction final for its owner; nothing happens if there is none.</summary>
sealed record ConfirmName(byte Kind, byte[] Name, TransactionId OwnerTransaction, IdOrNew Owner) : WriteOperation;

/// <summary>Gives a name back, if that transaction reserved it or that owner has it.</summary>
sealed record ReleaseName(byte Kind, byte[] Name, TransactionId? OwnerTransaction, ObjectId Owner) : WriteOperation;
