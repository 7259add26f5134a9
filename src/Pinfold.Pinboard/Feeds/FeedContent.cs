using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Pins in any order, and how far down they are all there are.</summary>
/// <param name="Entries">The pins.</param>
/// <param name="Floor">Of what is not newer than this, some are missing; null: nothing is.</param>
sealed record FeedContent(IReadOnlyList<FeedEntry> Entries, long? Floor)
{
    public static readonly FeedContent Empty = new([], null);
}

/// <summary>A whole feed, as the shards imply it.</summary>
/// <param name="Sources">What is followed.</param>
/// <param name="LeftOut">Boards of those that are followed whose pins are not wanted.</param>
/// <param name="Content">The pins of those sources that are not large.</param>
sealed record FeedBuild(
    IReadOnlyDictionary<FeedSource, SourceState> Sources, IReadOnlyCollection<ObjectId<Board>> LeftOut,
    FeedContent Content);

/// <summary>The upper part of a feed.</summary>
/// <param name="Entries">From the newest on.</param>
/// <param name="HasMore">Whether there are older ones.</param>
/// <param name="Floor">As <see cref="FeedContent.Floor"/>; nothing that old is among the entries.</param>
/// <param name="Large">What has to be merged in.</param>
/// <param name="LeftOut">Boards whose pins are not to be, unless the board itself is followed.</param>
sealed record FeedPart(
    IReadOnlyList<FeedEntry> Entries, bool HasMore, long? Floor, IReadOnlyList<FeedSource> Large,
    IReadOnlyList<ObjectId<Board>> LeftOut);

/// <summary>Asks for the entries of a feed down to a place, and so many beyond it.</summary>
sealed record FeedRead(FeedKey Feed, FeedPosition? After, int Count);
