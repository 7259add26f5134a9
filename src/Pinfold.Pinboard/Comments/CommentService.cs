using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Comments;

/// <summary>
/// Comments are kept on the shard of who writes them; the pin's list of them follows. Who may not see a pin finds no
/// comment of it, not even one of their own.
/// </summary>
sealed class CommentService(ShardedStore store, PinService pins, CommentEnds ends, TimeProvider time)
{
    /// <summary>Also to who was blocked, whom it does not tell so.</summary>
    const string CannotBeCommented = "This pin cannot be commented on.";

    /// <summary>Writes one. One round trip, and those for the pin and its board unless cached.</summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such pin. Invalid: as <see cref="CommentText.Checked"/>. Forbidden: a block is between
    /// them.
    /// </exception>
    public async Task<ObjectId<Comment>> AddAsync(
        Viewer viewer, ObjectId<Pin> id, string? text, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(viewer, id, cancellation);
        var (me, words, now) = (viewer.User, CommentText.Checked(text), time.GetUtcNow());
        var blocks = new BlockCheck(store, me, pin.Body.Owner, CannotBeCommented);
        var made = await store.WriteAsync(me.Shard, async (transaction, token) =>
        {
            await blocks.RequireNoneAsync(transaction, token);
            transaction.Require(me);
            var comment = transaction.Create(new Comment(me, id, words, now));
            transaction.Put(
                UserHasComments, me, comment, now.ToUnixTimeMilliseconds(), CommentPin.ToBytes(id));
            transaction.Put(CommentIsOnPin, comment, id, now.ToUnixTimeMilliseconds());
            return comment;
        }, cancellation);
        return made.Id;
    }

    /// <summary>Gives one's own comment another text. Two round trips, and those of <see cref="GetAsync"/>.</summary>
    /// <exception cref="PinfoldException">
    /// As <see cref="GetAsync"/> and <see cref="AddAsync"/>. Forbidden: somebody else wrote it.
    /// </exception>
    public async Task EditAsync(
        Viewer viewer, ObjectId<Comment> id, string? text, CancellationToken cancellation)
    {
        var (comment, pin) = await GetOwnAsync(viewer, id, cancellation);
        var (words, now) = (CommentText.Checked(text), time.GetUtcNow());
        var blocks = new BlockCheck(store, comment.Body.Author, pin.Body.Owner, CannotBeCommented);
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var there = await store.FindUncachedAsync(id, token) ?? throw NotThere.Comment();
            if (there.Body.Text == words)
                return;
            await blocks.RequireNoneAsync(transaction, token);
            // What was deleted since makes this fail, whoever did it.
            transaction.Update(there with { Body = there.Body with { Text = words, EditedAt = now } });
        }, cancellation);
    }

    /// <summary>
    /// Deletes it for good: it is one's own, or of one's own pin. Whatever else is done with it at that moment. Two
    /// round trips, and those of <see cref="GetAsync"/>.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="GetDeletableAsync"/>.</exception>
    public async Task DeleteAsync(Viewer viewer, ObjectId<Comment> id, CancellationToken cancellation)
    {
        await GetDeletableAsync(viewer, id, cancellation);
        await ends.EraseAsync(id.Shard, [id], cancellation);
    }

    /// <summary>As <see cref="GetAsync"/>, of what the viewer may delete.</summary>
    /// <exception cref="PinfoldException">Forbidden: neither the comment nor its pin is theirs.</exception>
    public async Task<(Stored<Comment> Comment, Stored<Pin> Pin)> GetDeletableAsync(
        Viewer viewer, ObjectId<Comment> id, CancellationToken cancellation)
    {
        var found = await GetAsync(viewer, id, cancellation);
        return MayDelete(viewer, found.Comment.Body.Author, found.Pin.Body.Owner) ? found
            : throw new PinfoldException(
                ErrorKind.Forbidden, "Only who wrote a comment, or whose pin it is of, can delete it.");
    }

    /// <summary>A comment of a pin that the viewer may see. Three objects, cached.</summary>
    /// <exception cref="PinfoldException">NotFound: there is none.</exception>
    public async Task<(Stored<Comment> Comment, Stored<Pin> Pin)> GetAsync(
        Viewer viewer, ObjectId<Comment> id, CancellationToken cancellation)
    {
        // Nobody can tell by the number of questions what is missing: where there is no comment, a pin is asked for.
        var comment = await store.FindAsync(id, cancellation);
        try
        {
            var (pin, _) = await pins.GetAsync(viewer, comment?.Body.Pin ?? Beside(id), cancellation);
            return comment is null ? throw NotThere.Comment() : (comment, pin);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw NotThere.Comment();
        }
    }

    /// <summary>As <see cref="GetAsync"/>, of the viewer's own.</summary>
    /// <exception cref="PinfoldException">Forbidden: somebody else wrote it.</exception>
    public async Task<(Stored<Comment> Comment, Stored<Pin> Pin)> GetOwnAsync(
        Viewer viewer, ObjectId<Comment> id, CancellationToken cancellation)
    {
        var found = await GetAsync(viewer, id, cancellation);
        return viewer.Is(found.Comment.Body.Author) ? found
            : throw new PinfoldException(ErrorKind.Forbidden, "Only who wrote a comment can change it.");
    }

    public static bool MayDelete(Viewer viewer, ObjectId<User> author, ObjectId<User> owner) =>
        viewer.Is(author) || viewer.Is(owner);

    /// <summary>An id that nothing has.</summary>
    static ObjectId<Pin> Beside(ObjectId<Comment> id) => Pin.Type.Id(new ObjectId(id.Shard, Pin.Type.Number, id.Local));
}
