using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Likes;

/// <summary>Reads what somebody likes.</summary>
sealed class LikeReader(ShardedStore store, VisiblePins visible)
{
    /// <summary>
    /// Which of these pins, at most <see cref="PinCounts.PinsMax"/>, the viewer likes. One round trip, none for nobody.
    /// </summary>
    public async Task<IReadOnlySet<ObjectId<Pin>>> LikesAsync(
        Viewer viewer, IReadOnlyCollection<ObjectId<Pin>> pins, CancellationToken cancellation)
    {
        if (pins.Count > PinCounts.PinsMax)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"{pins.Count} pins were asked about at once; {PinCounts.PinsMax} is the most."
                + " Ask in parts.");
        if (!viewer.IsSignedIn || pins.Count == 0)
            return new HashSet<ObjectId<Pin>>();
        var read = store.Read();
        var liked = read.Entries(UserLikesPin, viewer.User, [.. pins]);
        await read.ExecuteAsync(cancellation);
        return liked.Value.Select(e => e.To).ToHashSet();
    }

    /// <summary>
    /// A page of what the viewer likes themselves, liked last first, as far as they may see it; as
    /// <see cref="VisiblePins.PageAsync"/>.
    /// </summary>
    public Task<PinPage> PageAsync(Viewer viewer, string? cursor, CancellationToken cancellation) =>
        visible.PageAsync(viewer, UserLikesPin, viewer.User, cursor, cancellation);
}
