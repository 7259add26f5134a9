namespace Pinfold.Sharding.Following;

/// <summary>
/// A follower that cannot go on with a shard here: it has come to an entry of a kind that this process does not know,
/// and a newer one has to take the shard; or what comes next for it was trimmed, and it has to be made anew. Its cursor
/// waits there until then, and nothing is parked.
/// </summary>
/// <param name="Follower">Whose cursor waits.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Seq">The transaction's number in that shard's journal.</param>
/// <param name="EntryKind">What the entry calls itself; empty where the transaction was trimmed.</param>
public sealed record WaitingFollower(string Follower, ShardId Shard, long Seq, string EntryKind)
{
    /// <summary>Where the journal begins that was trimmed beyond <see cref="Seq"/>; null if it was not.</summary>
    public long? JournalBegin { get; private init; }

    /// <summary>As <see cref="IFollower.MadeAnewBy"/>; null, too, where nothing was trimmed.</summary>
    public string? MadeAnewBy { get; private init; }

    /// <summary>One whose next transaction is gone.</summary>
    internal static WaitingFollower CutOff(IFollower follower, ShardId shard, long seq, long begin) =>
        new(follower.Name, shard, seq, "") { JournalBegin = begin, MadeAnewBy = follower.MadeAnewBy };
}
