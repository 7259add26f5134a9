namespace Pinfold.Sharding.Following;

/// <summary>
/// A follower that has come to an entry of a kind that this process does not know; the shard is left to a process that
/// does, and the cursor waits there until then.
/// </summary>
/// <param name="Follower">Whose cursor waits.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Seq">The transaction's number in that shard's journal.</param>
/// <param name="EntryKind">What the entry calls itself.</param>
public sealed record WaitingFollower(string Follower, ShardId Shard, long Seq, string EntryKind);
