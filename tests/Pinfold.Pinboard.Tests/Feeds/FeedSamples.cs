using Pinfold.Pinboard.Feeds;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>People, boards and pins of two shards that exist nowhere else.</summary>
static class FeedSamples
{
    public static readonly ObjectId<User> Ann = Person(1), Ben = Person(2);

    public static ObjectId<User> Person(int number) => User.Type.Id(new ObjectId(new ShardId(1), 3, number));

    public static ObjectId<Board> BoardOf(ObjectId<User> owner, int number = 0) =>
        Board.Type.Id(new ObjectId(owner.Shard, 2, (owner.Local * 10) + number));

    public static ObjectId<Pin> PinOf(int number) => Pin.Type.Id(new ObjectId(new ShardId(1), 1, number));

    /// <summary>Pinned at the time of its number.</summary>
    public static FeedEntry Entry(int number, ObjectId<User> author, int board = 0, long? seq = null) =>
        new(PinOf(number), author, BoardOf(author, board), number, (ulong)number, seq ?? number);

    public static FeedBuild Build(
        IReadOnlyList<FeedEntry> entries, params (FeedSource Source, SourceState State)[] sources) =>
        new(sources.ToDictionary(s => s.Source, s => s.State), [], new FeedContent(entries, null));

    public static (FeedSource, SourceState) Followed(ObjectId<User> author) =>
        (FeedSource.Of(author), SourceState.Followed);

    public static (FeedSource, SourceState) Followed(ObjectId<Board> board) =>
        (FeedSource.Of(board), SourceState.Followed);
}
