using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Blocks;

/// <summary>
/// Reads who blocks whom: for all that one of two people does where the other would see it.
/// </summary>
sealed class BlockReader(ShardedStore store)
{
    /// <summary>How many of the blocked are shown at once.</summary>
    public const int PageSize = 50;

    /// <summary>
    /// With which of these people, at most 10,000, there is a block, whoever made it. One round trip, none for nobody.
    /// </summary>
    public async Task<IReadOnlySet<ObjectId<User>>> BlocksAsync(
        Viewer viewer, IReadOnlyCollection<ObjectId<User>> people, CancellationToken cancellation)
    {
        if (!viewer.IsSignedIn || people.Count == 0)
            return new HashSet<ObjectId<User>>();
        var read = store.Read();
        var blocks = Ask(read, viewer, people);
        await read.ExecuteAsync(cancellation);
        return blocks();
    }

    /// <summary>As <see cref="BlocksAsync"/> in a batch; gives the answer once that is executed.</summary>
    public static Func<IReadOnlySet<ObjectId<User>>> Ask(
        ReadBatch read, Viewer viewer, IReadOnlyCollection<ObjectId<User>> people)
    {
        if (!viewer.IsSignedIn || people.Count == 0)
            return () => new HashSet<ObjectId<User>>();
        var ids = people.ToList();
        var blocked = read.Entries(UserBlocksUser, viewer.User, ids);
        var blockedBy = read.Entries(UserBlockedByUser, viewer.User, ids);
        return () => blocked.Value.Concat(blockedBy.Value).Select(e => e.To).ToHashSet();
    }

    /// <summary>
    /// Whom the viewer has blocked, newest first, and the cursor of the next page or null. Two round trips.
    /// </summary>
    public async Task<(IReadOnlyList<Stored<User>> People, string? Next)> PageAsync(
        Viewer viewer, string? cursor, CancellationToken cancellation)
    {
        var page = await store.PageAsync(
            UserBlocksUser, viewer.User, new PageRequest(PageSize) { Cursor = cursor }, cancellation);
        var found = await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation);
        return ([.. found.OfType<Stored<User>>()], page.Next);
    }
}
