using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Responses;

/// <summary>What others did with a pin, and where it came from, as its page shows it.</summary>
/// <param name="Count">All of it, whoever it is from.</param>
/// <param name="IsLiked">Whether the viewer likes it.</param>
/// <param name="Likers">A few of those who like it; without people with whom the viewer has a block.</param>
/// <param name="Comments">The newest of them; likewise.</param>
/// <param name="Origin">Null for a pin that was not saved from another.</param>
sealed record PinResponses(
    PinCount Count, bool IsLiked, IReadOnlyList<User> Likers, IReadOnlyList<ShownComment> Comments,
    ShownOrigin? Origin);

/// <summary>Reads what is said of pins by likes, comments and repins.</summary>
sealed class ResponseReader(ShardedStore store, CommentReader comments)
{
    /// <summary>How many comments a pin's page has.</summary>
    public const int CommentsShown = 10;

    /// <summary>
    /// Of a pin that the viewer may see. One round trip, another where there is an origin or somebody to look for
    /// blocks with, and one for each of comments and people that are not cached.
    /// </summary>
    public async Task<PinResponses> ReadAsync(Viewer viewer, Stored<Pin> pin, CancellationToken cancellation)
    {
        var read = store.Read();
        var count = PinCounts.Ask(read, pin.Id);
        var likes = LikeQuestion.Ask(read, viewer, pin.Id);
        var list = CommentList.Ask(read, viewer, pin.Id, new PageRequest(CommentsShown));
        var origin = OriginQuestion.Ask(read, pin.Body);
        await read.ExecuteAsync(cancellation);

        var said = await comments.FindAsync(list.Comments, cancellation);
        ObjectId<User>[] people =
            [.. likes.People, .. said.Select(c => c.Body.Author), .. origin?.Owners ?? []];
        var more = store.Read();
        var blocks = BlockReader.Ask(more, viewer, [.. people.Where(p => !viewer.Is(p)).Distinct()]);
        origin?.AskBoards(more);
        if (origin is not null || (viewer.IsSignedIn && people.Any(p => !viewer.Is(p))))
            await more.ExecuteAsync(cancellation);

        var hidden = blocks();
        var found = (await store.FindManyAsync([.. people.Distinct()], cancellation))
            .OfType<Stored<User>>().ToDictionary(u => u.Id, u => u.Body);
        var counted = count();
        return new PinResponses(
            counted with
            {
                Likes = Math.Max(0, counted.Likes + likes.Uncounted),
                Comments = counted.Comments + list.Fresh.Count,
            },
            likes.IsLiked, [.. Seen(likes.People).Select(p => found[p])],
            [.. said.Where(c => Seen([c.Body.Author]).Any()).Select(c => new ShownComment(c, found[c.Body.Author]))],
            origin?.Answer(viewer, hidden, found));

        IEnumerable<ObjectId<User>> Seen(IEnumerable<ObjectId<User>> those) =>
            those.Where(p => found.ContainsKey(p) && !hidden.Contains(p));
    }
}
