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
/// Fails when the list has an entry before anything else of its transaction is done; changes nothing.
/// </summary>
sealed record RequireEmptyList(Mapping Mapping, ObjectId From) : WriteOperation;

/// <summary>Takes a name for a transaction that is to follow on its owner's shard; fails when it is taken.</summary>
sealed record ReserveName(byte Kind, byte[] Name, ShardId OwnerShard, TransactionId OwnerTransaction, DateTimeOffset At)
    : WriteOperation;

/// <summary>Makes a reservation of that transaction final for its owner; nothing happens if there is none.</summary>
sealed record ConfirmName(byte Kind, byte[] Name, TransactionId OwnerTransaction, IdOrNew Owner) : WriteOperation;

/// <summary>Gives a name back, if that transaction reserved it or that owner has it.</summary>
sealed record ReleaseName(byte Kind, byte[] Name, TransactionId? OwnerTransaction, ObjectId Owner) : WriteOperation;
