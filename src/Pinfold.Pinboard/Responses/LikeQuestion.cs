using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Responses;

/// <summary>
/// Who likes a pin, asked in a batch. The viewer's own like counts at once, though the pin's list has it a moment
/// later.
/// </summary>
sealed class LikeQuestion
{
    /// <summary>How many people are named.</summary>
    public const int PeopleMax = 5;

    readonly Viewer _viewer;
    readonly Answer<Page<Entry<User>>> _latest;
    readonly Answer<IReadOnlyList<Entry<Pin>>>? _own;
    readonly Answer<IReadOnlyList<Entry<User>>>? _counted;

    LikeQuestion(ReadBatch read, Viewer viewer, ObjectId<Pin> pin)
    {
        _viewer = viewer;
        _latest = read.Page(PinLikedByUser, pin, new PageRequest(PeopleMax + 1));
        if (!viewer.IsSignedIn)
            return;
        _own = read.Entries(UserLikesPin, viewer.User, [pin]);
        _counted = read.Entries(PinLikedByUser, pin, [viewer.User]);
    }

    public static LikeQuestion Ask(ReadBatch read, Viewer viewer, ObjectId<Pin> pin) => new(read, viewer, pin);

    /// <summary>Whether the viewer does; once the batch is executed.</summary>
    public bool IsLiked => _own is { Value.Count: > 0 };

    /// <summary>How many there are more than are counted, or fewer.</summary>
    public int Uncounted => (IsLiked ? 1 : 0) - (_counted?.Value.Count ?? 0);

    /// <summary>The viewer first, then whoever came last.</summary>
    public IReadOnlyList<ObjectId<User>> People
    {
        get
        {
            var others = _latest.Value.Items.Select(e => e.To).Where(person => !_viewer.Is(person));
            return [.. (IsLiked ? [_viewer.User] : Enumerable.Empty<ObjectId<User>>()).Concat(others).Take(PeopleMax)];
        }
    }
}
