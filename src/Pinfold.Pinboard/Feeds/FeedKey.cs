using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Which feed: a person's home, or the recent pins of a source that is too large for homes.</summary>
readonly record struct FeedKey(FeedKind Kind, ObjectId Owner)
{
    public static FeedKey Home(ObjectId<User> person) => new(FeedKind.Home, person);

    public static FeedKey Recent(FeedSource source) => new(FeedKind.Recent, source.Id);
}

enum FeedKind
{
    /// <summary>What the people and boards that its owner follows have pinned.</summary>
    Home,

    /// <summary>What its owner, a person or a board, has pinned.</summary>
    Recent,
}
