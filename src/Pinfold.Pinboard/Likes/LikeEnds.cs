using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Likes;

/// <summary>Ends likes of what is gone, and of who is gone: on the shards of those who like.</summary>
sealed class LikeEnds(ShardedStore store)
{
    /// <summary>A transaction has a thousand changes at most.</summary>
    const int PerTransactionMax = 500;

    static readonly PageRequest Part = new(PerTransactionMax);

    /// <summary>The likes of a pin that is not there any more, by these.</summary>
    public async Task OfPinAsync(
        ObjectId<Pin> gone, IEnumerable<ObjectId<User>> people, CancellationToken cancellation)
    {
        foreach (var shard in people.GroupBy(person => person.Shard))
            foreach (var part in shard.Chunk(PerTransactionMax))
                await store.WriteAsync(shard.Key, (transaction, _) =>
                {
                    foreach (var person in part)
                        transaction.Remove(UserLikesPin, person, gone);
                    return Task.CompletedTask;
                }, cancellation);
    }

    /// <summary>All that a person who is not there any more liked.</summary>
    public async Task OfPersonAsync(ObjectId<User> gone, CancellationToken cancellation)
    {
        for (var isAll = false; !isAll;)
            isAll = await store.WriteAsync(gone.Shard, async (transaction, token) =>
            {
                var page = await store.PageAsync(UserLikesPin, gone, Part, token);
                foreach (var entry in page.Items)
                    transaction.Remove(UserLikesPin, gone, entry.To);
                return page.Next is null;
            }, cancellation);
    }
}
