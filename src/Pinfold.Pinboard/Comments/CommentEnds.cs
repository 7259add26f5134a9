using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Comments;

/// <summary>
/// Ends comments for good: what they said is erased, and with it goes their place in every list. What is erased takes
/// no change any more, so an edit that comes later, or is under way, fails.
/// </summary>
sealed class CommentEnds(ShardedStore store)
{
    /// <summary>A transaction has a thousand changes at most, and for each of these three.</summary>
    const int PerTransactionMax = 300;

    static readonly PageRequest Part = new(PerTransactionMax);

    /// <summary>Comments of any shards; two round trips for some hundred of one.</summary>
    public async Task EraseAsync(IEnumerable<ObjectId<Comment>> comments, CancellationToken cancellation)
    {
        foreach (var shard in comments.Distinct().GroupBy(comment => comment.Shard))
            foreach (var part in shard.Chunk(PerTransactionMax))
                await EraseAsync(shard.Key, part, cancellation);
    }

    /// <summary>At most some hundred comments of a shard, as far as they are there.</summary>
    public Task EraseAsync(
        ShardId shard, IReadOnlyCollection<ObjectId<Comment>> comments, CancellationToken cancellation) =>
        store.WriteAsync(shard, async (transaction, token) =>
        {
            var found = await store.FindManyUncachedAsync(comments, token);
            foreach (var comment in found.OfType<Stored<Comment>>())
                Erase(transaction, comment.Id, comment.Body.Author, comment.Body.Pin);
        }, cancellation);

    /// <summary>All that a person who is not there any more wrote.</summary>
    public async Task OfPersonAsync(ObjectId<User> gone, CancellationToken cancellation)
    {
        for (var isAll = false; !isAll;)
            isAll = await store.WriteAsync(gone.Shard, async (transaction, token) =>
            {
                var page = await store.PageAsync(UserHasComments, gone, Part, token);
                foreach (var entry in page.Items)
                    Erase(transaction, entry.To, gone, CommentPin.Of(entry));
                return page.Next is null;
            }, cancellation);
    }

    static void Erase(
        Transaction transaction, ObjectId<Comment> id, ObjectId<User> author, ObjectId<Pin> pin)
    {
        transaction.Erase(id);
        transaction.Remove(UserHasComments, author, id);
        transaction.Remove(CommentIsOnPin, id, pin);
    }
}
