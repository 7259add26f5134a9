using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>Writes what people are told, on their own shards.</summary>
sealed class NotificationWriter(ShardedStore store, Standing standing)
{
    /// <summary>A batch of reads holds a thousand, and each of these is up to six.</summary>
    const int OccasionsAtOnceMax = 150;

    const int ShardsAtOnceMax = 64;
    const int SweptAtOnceMax = 300;

    /// <summary>
    /// Has people told of what is so, and not of what is not. Two round trips and a commit for each 150 of a shard; one
    /// more where a list is full.
    /// </summary>
    public Task TellAsync(IReadOnlyCollection<Occasion> occasions, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            occasions.GroupBy(occasion => occasion.Receiver.Shard),
            new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnceMax, CancellationToken = cancellation },
            async (shard, token) =>
            {
                foreach (var part in shard.Chunk(OccasionsAtOnceMax))
                    await store.WriteAsync(shard.Key, (transaction, t) => TellAsync(transaction, part, t), token);
            });

    /// <summary>
    /// Takes away what a person was told of these: pins and boards of theirs that are gone, people of whom they are not
    /// to hear. A round trip, and a commit if there is something.
    /// </summary>
    public Task ForgetAsync(
        ObjectId<User> person, IReadOnlySet<ObjectId> things, CancellationToken cancellation) =>
        store.WriteAsync(person.Shard, async (transaction, token) =>
        {
            var all = await store.PageAsync(
                UserHasNotifications, person, new PageRequest(2 * Notification.KeptMax), token);
            foreach (var entry in all.Items.Where(entry => IsOf(KeptNotification.Of(entry).What, things))
                .Take(SweptAtOnceMax))
                NotificationBox.Remove(transaction, person, entry);
        }, cancellation);

    /// <summary>What is so is asked after what was told is read: whatever changes then is heard of by itself.</summary>
    async Task TellAsync(Transaction transaction, Occasion[] part, CancellationToken cancellation)
    {
        var read = store.Read();
        var boxes = part.GroupBy(occasion => occasion.Receiver)
            .Select(person => new NotificationBox(read, person.Key, [.. person])).ToList();
        await read.ExecuteAsync(cancellation);
        var so = await standing.FindAsync(part.Select(occasion => occasion.Cause), cancellation);
        var more = store.Read();
        // Each has to be asked, so none may be left out once one has.
        if (boxes.Count(box => box.Decide(so, more)) > 0)
            await more.ExecuteAsync(cancellation);
        foreach (var box in boxes)
            box.Write(transaction);
    }

    static bool IsOf(Notification told, IReadOnlySet<ObjectId> things) =>
        things.Contains(told.To) || (!told.By.IsNone && things.Contains(told.By));
}
