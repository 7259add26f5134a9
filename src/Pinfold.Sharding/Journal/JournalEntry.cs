
namespace Pinfold.Sharding.Journal;

/// <summary>What an entry of the journal says. The letters are what the database holds.</summary>
public enum JournalEntryKind
{
    /// <summary>An object was created.</summary>
    Created,

    /// <summary>An object got a new body.</summary>
    Updated,

    /// <summary>An object was hidden.</summary>
    Deleted,

    /// <summary>An object's body was removed for good.</summary>
    Erased,

    /// <summary>An entry of a mapping was added or changed.</summary>
    Mapped,

    /// <summary>An entry of a mapping was removed.</summary>
    Unmapped,

    /// <summary>A name is claimed by an object of this shard: to be confirmed on the name's shard.</summary>
    NameClaimed,

    /// <summary>A name is given back by an object of this shard: to be released on the name's shard.</summary>
    NameReleased,

    /// <summary>A name changed on this shard, which is the name's.</summary>
    NameChanged,

    /// <summary>The application says something to its own followers.</summary>
    Event,

    /// <summary>Nothing was changed: this transaction id is used up so that a late attempt cannot commit.</summary>
    Abandoned,
}

/// <summary>One change of a transaction, with its ids resolved.</summary>
/// <param name="Kind">What happened; the other members are set as far as it needs them.</param>
/// <param name="Id">The object; for a mapping the <em>from</em> id; for a name its owner.</param>
/// <param name="Mapping">The mapping's number, or 0.</param>
/// <param name="To">The other end of a mapping's entry.</param>
/// <param name="Sequence">The sequence of a mapping's entry.</param>
/// <param name="Name">The event's name, or the claimed name.</param>
/// <param name="NameKind">The kind of the claimed name, or 0.</param>
/// <param name="Payload">The event's content, as the application gave it.</param>
public sealed record JournalEntry(
    JournalEntryKind Kind, ObjectId Id = default, int Mapping = 0, ObjectId To = default, long Sequence = 0,
    string? Name = null, byte NameKind = 0, string? Payload = null);

/// <summary>A transaction as the journal has it: everything it changed on its shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Seq">Its number: gap-free, in commit order, from 1.</param>
/// <param name="Transaction">The writer's name for it.</param>
/// <param name="At">When, by the writer's clock: for people, never for order.</param>
/// <param name="Entries">What it changed, in order.</param>
public sealed record JournalTransaction(
    ShardId Shard, long Seq, TransactionId Transaction, DateTimeOffset At, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>What <c>CommitAsync</c> gave its writer.</summary>
    public Commit Commit => new(Shard, Seq);

    /// <summary>The objects of that type that it made, in the order in which it made them.</summary>
    public IReadOnlyList<ObjectId<T>> Created<T>() where T : class =>
        [.. Entries.Where(e => e.Kind == JournalEntryKind.Created && e.Id.Type == TypeNumber<T>.Value)
            .Select(e => new ObjectId<T>(e.Id))];
}
