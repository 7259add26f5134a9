namespace Pinfold.Sharding.Journal;

/// <summary>
/// A transaction of the journal has an entry of a kind that this program does not know: a newer one wrote it, as
/// happens while a fleet is upgraded. Nothing is damaged; a newer program reads it.
/// </summary>
sealed class NewerEntryException(ShardId shard, long seq, string kind) : PinfoldException(
    ErrorKind.Unavailable,
    $"Transaction {seq} of shard {shard} has an entry of kind \"{kind}\", which this program does not know: "
    + "a newer one wrote it, and reads it.")
{
    /// <summary>What the entry calls itself.</summary>
    public string EntryKind { get; } = kind;
}
