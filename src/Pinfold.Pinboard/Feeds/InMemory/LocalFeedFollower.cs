using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Feeds.InMemory;

/// <summary>Feeds in this process's own memory: each process fans out for itself, whoever wrote.</summary>
sealed class LocalFeedFollower(FanOut fanOut, MemoryFeedStore feeds) : IProcessFollower
{
    public string Name => "local-feeds";

    public FollowerInterests Interests => FeedEvents.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation) =>
        await fanOut.HandleAsync(batch, cancellation);

    /// <summary>A feed has pins of any shard, so all are read anew when somebody asks for them.</summary>
    public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        feeds.Clear();
        return ValueTask.CompletedTask;
    }
}
