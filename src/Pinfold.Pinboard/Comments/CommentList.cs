using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Comments;

/// <summary>
/// A part of a pin's list, and on the first one what the viewer has just written themselves, which is not in it yet.
/// </summary>
sealed class CommentList
{
    /// <summary>So many of the viewer's newest comments, of whatever pins, are looked at.</summary>
    const int OwnMax = 20;

    readonly ObjectId<Pin> _pin;
    readonly Answer<Page<Entry<Comment>>> _page;
    readonly Answer<Page<Entry<Comment>>>? _own;

    CommentList(ReadBatch read, Viewer viewer, ObjectId<Pin> pin, PageRequest request)
    {
        _pin = pin;
        _page = read.Page(PinHasComments, pin, request);
        if (viewer.IsSignedIn && request.Cursor is null)
            _own = read.Page(UserHasComments, viewer.User, new PageRequest(OwnMax));
    }

    /// <summary>Asks in a batch.</summary>
    public static CommentList Ask(ReadBatch read, Viewer viewer, ObjectId<Pin> pin, PageRequest request) =>
        new(read, viewer, pin, request);

    /// <summary>Newest first; once the batch is executed.</summary>
    public IReadOnlyList<ObjectId<Comment>> Comments =>
        [.. Fresh.Concat(_page.Value.Items).OrderByDescending(e => e.Sequence).Select(e => e.To)];

    public string? Next => _page.Value.Next;

    /// <summary>The viewer's own that the list does not have and count yet.</summary>
    public IReadOnlyList<Entry<Comment>> Fresh
    {
        get
        {
            var listed = _page.Value.Items;
            var oldest = Next is null || listed.Count == 0 ? long.MinValue : listed[^1].Sequence;
            return _own is null ? [] : [.. _own.Value.Items.Where(e => CommentPin.Of(e) == _pin
                && e.Sequence >= oldest && listed.All(l => l.To != e.To))];
        }
    }
}
