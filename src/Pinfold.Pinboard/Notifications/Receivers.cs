using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Notifications;

/// <summary>Finds whom something concerns, and who did it.</summary>
sealed class Receivers(ShardedStore store)
{
    const int AtOnceMax = 2000;

    /// <summary>
    /// Those of which that can be told. One round trip to the cache for each 2,000, and one to the shards of imports.
    /// </summary>
    public async Task<IReadOnlyList<Occasion>> FindAsync(
        IReadOnlyCollection<NotificationCause> causes, CancellationToken cancellation)
    {
        var occasions = new List<Occasion>(causes.Count);
        foreach (var part in causes.Chunk(AtOnceMax))
        {
            var (together, read) = (store.FindTogether(), store.Read());
            var answers = Array.ConvertAll(part, cause => Ask(together, read, cause));
            await Task.WhenAll(together.ExecuteAsync(cancellation), read.ExecuteAsync(cancellation));
            foreach (var (cause, answer) in part.Zip(answers))
                if (answer() is { Receiver: { IsNone: false } receiver, By: var by })
                    occasions.Add(new Occasion(cause, receiver, by));
        }
        return occasions;
    }

    static Func<(ObjectId<User> Receiver, ObjectId<User> By)> Ask(
        ObjectBatch together, ReadBatch read, NotificationCause cause)
    {
        switch (cause.Kind)
        {
            case NotificationKind.Follow:
                return () => (User.Type.Id(cause.To), User.Type.Id(cause.From));
            case NotificationKind.BoardFollow:
                var board = together.Find(Board.Type.Id(cause.To));
                return () => (board.Value?.Body.Owner ?? default, User.Type.Id(cause.From));
            case NotificationKind.Repin:
                var (saved, repin) = (together.Find(Pin.Type.Id(cause.To)), together.Find(Pin.Type.Id(cause.From)));
                return () => (saved.Value?.Body.Owner ?? default, repin.Value?.Body.Owner ?? default);
            case NotificationKind.Like:
                var liked = together.Find(Pin.Type.Id(cause.To));
                return () => (liked.Value?.Body.Owner ?? default, User.Type.Id(cause.From));
            case NotificationKind.Comment:
                var pin = together.Find(Pin.Type.Id(cause.To));
                var comment = together.Find(Comment.Type.Id(cause.From));
                return () => (pin.Value?.Body.Owner ?? default, comment.Value?.Body.Author ?? default);
            default:
                var job = read.Find(ImportJob.Type.Id(cause.From));
                return () => (job.Value?.Body.Owner ?? default, default);
        }
    }
}
