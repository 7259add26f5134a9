using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>What somebody wants to be told of.</summary>
sealed class NotificationSettings(ShardedStore store, TimeProvider time)
{
    /// <summary>One round trip.</summary>
    public async Task<NotificationSwitches> ReadAsync(ObjectId<User> user, CancellationToken cancellation)
    {
        var read = store.Read();
        var switches = Ask(read, user);
        await read.ExecuteAsync(cancellation);
        return switches();
    }

    /// <summary>Has these on and the others off; nothing is written where that is so already.</summary>
    public Task SetAsync(
        ObjectId<User> user, IReadOnlySet<NotificationSwitch> on, CancellationToken cancellation) =>
        store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            var before = await ReadAsync(user, token);
            var after = before.Set(on, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (Enum.GetValues<NotificationSwitch>().All(of => before.IsOn(of) == after.IsOn(of)))
                return;
            transaction.Put(UserHasNotificationSwitches, user, user, 0, after.ToBytes());
        }, cancellation);

    /// <summary>Asks in a batch; gives the answer once that is executed.</summary>
    public static Func<NotificationSwitches> Ask(ReadBatch read, ObjectId<User> user)
    {
        var entries = read.Entries(UserHasNotificationSwitches, user, [user]);
        return () => entries.Value is [var entry]
            ? NotificationSwitches.Parse(entry.Body.Span) : NotificationSwitches.AllOn;
    }
}
