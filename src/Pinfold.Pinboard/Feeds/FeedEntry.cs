using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>A pin as a feed has it: what it is sorted by, taken out by, and shown once by.</summary>
/// <param name="Pin">Which.</param>
/// <param name="Author">Whose; on the pin's shard, as is its board.</param>
/// <param name="Board">Which board it is on.</param>
/// <param name="Sequence">Its place in time, as in every list of pins.</param>
/// <param name="Picture">The same for the same picture; 0 for none.</param>
/// <param name="Seq">The number, in the journal of the pin's shard, of what this comes from.</param>
readonly record struct FeedEntry(
    ObjectId<Pin> Pin, ObjectId<User> Author, ObjectId<Board> Board, long Sequence, ulong Picture, long Seq)
{
    public FeedPosition Position => new(Sequence, Pin);
}

/// <summary>A place in a feed, whether or not something is there: feeds are read from the newest on.</summary>
readonly record struct FeedPosition(long Sequence, ObjectId<Pin> Pin) : IComparable<FeedPosition>
{
    /// <summary>The newer one comes first.</summary>
    public int CompareTo(FeedPosition other) => (other.Sequence, other.Pin).CompareTo((Sequence, Pin));
}
