using Pinfold.Sharding;

namespace Pinfold.Pinboard.Feeds;

/// <summary>Whose pins come into a feed: a person's, or those of one board.</summary>
readonly record struct FeedSource(ObjectId Id)
{
    public bool IsBoard => Id.Type == Board.Type.Number;

    public static FeedSource Of(ObjectId<User> author) => new(author);

    public static FeedSource Of(ObjectId<Board> board) => new(board);
}

/// <summary>What a source is to a feed.</summary>
enum SourceState
{
    /// <summary>It is not followed.</summary>
    None,

    /// <summary>Its pins are put into the feed when they are pinned.</summary>
    Followed,

    /// <summary>It is followed by so many that its pins are merged in when the feed is read.</summary>
    Large,
}
