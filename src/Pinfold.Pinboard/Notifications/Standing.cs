using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Notifications;

/// <summary>Whether what is told is so now: asked of the shards of those who did it, past every cache.</summary>
sealed class Standing(ShardedStore store)
{
    const int AtOnceMax = 900;

    /// <summary>
    /// Those that are so, and since when, in milliseconds. One round trip to each server concerned for each 900.
    /// </summary>
    public async Task<IReadOnlyDictionary<NotificationCause, long>> FindAsync(
        IEnumerable<NotificationCause> causes, CancellationToken cancellation)
    {
        var standing = new Dictionary<NotificationCause, long>();
        foreach (var part in causes.Distinct().Chunk(AtOnceMax))
        {
            var read = store.Read();
            var answers = Array.ConvertAll(part, cause => Ask(read, cause));
            await read.ExecuteAsync(cancellation);
            foreach (var (cause, since) in part.Zip(answers, (cause, answer) => (cause, answer())))
                if (since is { } at)
                    standing[cause] = at;
        }
        return standing;
    }

    static Func<long?> Ask(ReadBatch read, NotificationCause cause) => cause.Kind switch
    {
        NotificationKind.Follow => Ask(read, UserFollowsUser, User.Type.Id(cause.From), User.Type.Id(cause.To)),
        NotificationKind.BoardFollow => Ask(read, UserFollowsBoard, User.Type.Id(cause.From), Board.Type.Id(cause.To)),
        NotificationKind.Repin => Ask(read, PinSavedFromPin, Pin.Type.Id(cause.From), Pin.Type.Id(cause.To)),
        NotificationKind.Like => Ask(read, UserLikesPin, User.Type.Id(cause.From), Pin.Type.Id(cause.To)),
        NotificationKind.Comment => Ask(read, CommentIsOnPin, Comment.Type.Id(cause.From), Pin.Type.Id(cause.To)),
        NotificationKind.Import => Ask(read, ImportJob.Type.Id(cause.From)),
        _ => throw new InvalidOperationException($"Nothing says whether {cause} is so."),
    };

    static Func<long?> Ask<TFrom, TTo>(
        ReadBatch read, Mapping<TFrom, TTo> list, ObjectId<TFrom> from, ObjectId<TTo> to)
        where TFrom : class
        where TTo : class
    {
        var entries = read.Entries(list, from, [to]);
        return () => entries.Value is [var entry] ? entry.Sequence : null;
    }

    static Func<long?> Ask(ReadBatch read, ObjectId<ImportJob> id)
    {
        var job = read.Find(id);
        return () => job.Value?.Body is { State: ImportState.Done or ImportState.Failed, EndedAt: { } at }
            ? at.ToUnixTimeMilliseconds() : null;
    }
}
