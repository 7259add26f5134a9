namespace Pinfold.Sharding.Engines;

/// <summary>A transaction ready to be sent: its operations and its journal row.</summary>
/// <param name="Id">Unique in the shard's journal.</param>
/// <param name="Shard">The one shard it writes to.</param>
/// <param name="Operations">In the order in which they were asked for.</param>
/// <param name="NewObjects">How many local ids it takes.</param>
/// <param name="At">When, by the client's clock: for people, never for order.</param>
/// <param name="Entries">The journal row's content, see <c>Journal.JournalCodec</c>.</param>
sealed record PendingTransaction(
    TransactionId Id, ShardId Shard, IReadOnlyList<WriteOperation> Operations, int NewObjects, DateTimeOffset At,
    byte[] Entries)
{
    /// <summary>About what it adds to a batch, in bytes.</summary>
    public int Size { get; } = Entries.Length + Operations.Sum(o => o switch
    {
        CreateObject c => c.Body.Length,
        UpdateObject u => u.Body.Length,
        PutEntry p => p.Body.Length,
        _ => 0,
    } + 200);
}
