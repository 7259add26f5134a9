using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Comments;

/// <summary>A comment, and who wrote it.</summary>
sealed record ShownComment(Stored<Comment> Comment, User Author);

/// <summary>A part of a pin's comments, and the cursor of the next part or null.</summary>
sealed record CommentPage(IReadOnlyList<ShownComment> Comments, string? Next);

/// <summary>
/// Reads the comments of a pin, newest first, without those of people with whom the viewer has a block. A comment of
/// the viewer's own is listed at once, though the pin's list has it a moment later.
/// </summary>
sealed class CommentReader(ShardedStore store, BlockReader blocks)
{
    /// <summary>How many of a list are shown at once.</summary>
    public const int PageSize = 50;

    /// <summary>How often a list is asked for one page, where what it has is not shown.</summary>
    const int TurnsMax = 5;

    /// <summary>
    /// A page of a pin that the viewer may see. One round trip for the list, one for blocks, and one for each of
    /// comments and people that are not cached.
    /// </summary>
    public async Task<CommentPage> PageAsync(
        Viewer viewer, ObjectId<Pin> pin, string? cursor, CancellationToken cancellation)
    {
        var shown = new List<ShownComment>();
        for (var turn = 0; turn < TurnsMax && shown.Count < PageSize; turn++)
        {
            var read = store.Read();
            var list = CommentList.Ask(read, viewer, pin, new PageRequest(PageSize - shown.Count) { Cursor = cursor });
            await read.ExecuteAsync(cancellation);
            var comments = await FindAsync(list.Comments, cancellation);
            var hidden = await blocks.BlocksAsync(
                viewer, [.. comments.Select(c => c.Body.Author).Distinct()], cancellation);
            shown.AddRange(await ShowAsync(comments, hidden, cancellation));
            cursor = list.Next;
            if (cursor is null)
                break;
        }
        return new CommentPage(shown, cursor);
    }

    /// <summary>Those that are there, in order.</summary>
    public async Task<IReadOnlyList<Stored<Comment>>> FindAsync(
        IReadOnlyList<ObjectId<Comment>> ids, CancellationToken cancellation) =>
        [.. (await store.FindManyAsync(ids, cancellation)).OfType<Stored<Comment>>()];

    /// <summary>With their authors, without those who are hidden or not there any more.</summary>
    public async Task<IReadOnlyList<ShownComment>> ShowAsync(
        IReadOnlyList<Stored<Comment>> comments, IReadOnlySet<ObjectId<User>> hidden, CancellationToken cancellation)
    {
        var seen = comments.Where(c => !hidden.Contains(c.Body.Author)).ToList();
        var authors = (await store.FindManyAsync([.. seen.Select(c => c.Body.Author).Distinct()], cancellation))
            .OfType<Stored<User>>().ToDictionary(u => u.Id, u => u.Body);
        return [.. seen.Where(c => authors.ContainsKey(c.Body.Author))
            .Select(c => new ShownComment(c, authors[c.Body.Author]))];
    }
}
