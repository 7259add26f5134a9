using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>What is changed about feeds. A feed that is missing stays so.</summary>
abstract record FeedChange;

/// <summary>
/// Pins come into feeds, as far as each wants them: one that is there already is replaced, and forgotten where it is
/// not wanted any more, having moved. A feed that has the source as a large one is dropped: it has missed something.
/// </summary>
sealed record PinsAdded(IReadOnlyList<FeedKey> Feeds, IReadOnlyList<FeedEntry> Entries) : FeedChange;

/// <summary>Pins go out of feeds, and do not come back under an older number.</summary>
sealed record PinsRemoved(IReadOnlyList<FeedKey> Feeds, IReadOnlyList<RemovedPin> Pins) : FeedChange;

/// <param name="Pin">Which.</param>
/// <param name="Seq">The number, in the journal of its shard, under which it goes.</param>
readonly record struct RemovedPin(ObjectId<Pin> Pin, long Seq);

/// <summary>
/// A source becomes something else to a feed: its recent pins come in, or all that are wanted no more go out.
/// </summary>
/// <param name="Feed">Which feed.</param>
/// <param name="Source">Whose pins.</param>
/// <param name="State">What it is from now on.</param>
/// <param name="Seq">The number in the journal of the source's shard; an older one changes nothing, but that what is
/// followed is large, which it stays.</param>
/// <param name="Recent">Its pins, where it is <see cref="SourceState.Followed"/>; otherwise empty.</param>
sealed record SourceChanged(FeedKey Feed, FeedSource Source, SourceState State, long Seq, FeedContent Recent)
    : FeedChange;

/// <summary>A board of somebody who is followed is left out of a feed, or taken back in.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="Board">Which board.</param>
/// <param name="IsLeftOut">What it is from now on.</param>
/// <param name="Seq">The number in the journal of the shard of the feed's owner; an older one changes nothing.</param>
/// <param name="Recent">Its pins, where it is taken back; otherwise empty.</param>
sealed record BoardLeftOut(FeedKey Feed, ObjectId<Board> Board, bool IsLeftOut, long Seq, FeedContent Recent)
    : FeedChange;

/// <summary>Feeds are missing from now on, until somebody asks for them.</summary>
sealed record FeedsDropped(IReadOnlyList<FeedKey> Feeds) : FeedChange;
