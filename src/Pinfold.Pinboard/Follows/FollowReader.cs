using Pinfold.Pinboard.Access;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Follows;

/// <summary>Reads who follows whom.</summary>
sealed class FollowReader(ShardedStore store)
{
    /// <summary>How many of a list are shown at once, and asked about at once.</summary>
    public const int PageSize = 50;

    /// <summary>
    /// How often a list is asked for one page: people who are there no more are left in it only until they are swept.
    /// </summary>
    const int TurnsMax = 5;

    /// <summary>Which of these people, at most 50, the viewer follows. One round trip, none for nobody.</summary>
    public async Task<IReadOnlySet<ObjectId<User>>> FollowsAsync(
        Viewer viewer, IReadOnlyCollection<ObjectId<User>> people, CancellationToken cancellation)
    {
        RefuseTooMany(people.Count);
        if (!viewer.IsSignedIn || people.Count == 0)
            return new HashSet<ObjectId<User>>();
        var read = store.Read();
        var followed = read.Entries(UserFollowsUser, viewer.User, [.. people]);
        await read.ExecuteAsync(cancellation);
        return followed.Value.Select(e => e.To).ToHashSet();
    }

    /// <summary>How the viewer follows each of these boards, at most 50; place by place. One round trip.</summary>
    public async Task<IReadOnlyList<BoardFollow>> FollowsAsync(
        Viewer viewer, IReadOnlyList<(ObjectId<Board> Id, ObjectId<User> Owner)> boards, CancellationToken cancellation)
    {
        RefuseTooMany(boards.Count);
        if (!viewer.IsSignedIn || boards.Count == 0)
            return [.. boards.Select(_ => BoardFollow.None)];
        var ids = boards.Select(b => b.Id).ToList();
        var read = store.Read();
        var followed = read.Entries(UserFollowsBoard, viewer.User, ids);
        var leftOut = read.Entries(UserLeavesOutBoard, viewer.User, ids);
        var owners = read.Entries(UserFollowsUser, viewer.User, [.. boards.Select(b => b.Owner).Distinct()]);
        await read.ExecuteAsync(cancellation);
        return [.. boards.Select(b =>
            followed.Value.Any(e => e.To == b.Id) ? BoardFollow.ByItself
            : owners.Value.All(e => e.To != b.Owner) ? BoardFollow.None
            : leftOut.Value.Any(e => e.To == b.Id) ? BoardFollow.LeftOut
            : BoardFollow.WithItsOwner)];
    }

    /// <summary>
    /// How many follow a person, and how many people and boards they follow: exactly. One round trip.
    /// </summary>
    public async Task<FollowCounts> CountAsync(ObjectId<User> person, CancellationToken cancellation)
    {
        var read = store.Read();
        var followers = read.Count(UserFollowedByUser, person);
        var people = read.Count(UserFollowsUser, person);
        var boards = read.Count(UserFollowsBoard, person);
        await read.ExecuteAsync(cancellation);
        return new FollowCounts(followers.Value, people.Value, boards.Value);
    }

    /// <summary>How many follow a board by itself, exactly. One round trip.</summary>
    public Task<long> CountAsync(ObjectId<Board> board, CancellationToken cancellation) =>
        store.CountAsync(BoardFollowedByUser, board, cancellation);

    /// <summary>A page of who follows a person, newest first; two round trips, one where all is cached.</summary>
    public Task<FollowPage<User>> FollowersAsync(
        ObjectId<User> person, string? cursor, CancellationToken cancellation) =>
        PageAsync(UserFollowedByUser, person, cursor, _ => true, cancellation);

    /// <summary>A page of whom a person follows, newest first; as <see cref="FollowersAsync"/>.</summary>
    public Task<FollowPage<User>> FollowingAsync(
        ObjectId<User> person, string? cursor, CancellationToken cancellation) =>
        PageAsync(UserFollowsUser, person, cursor, _ => true, cancellation);

    /// <summary>
    /// A page of the boards that a person follows by themselves, newest first, as everybody sees it: one that has
    /// become secret is as one that was deleted, whoever looks. As <see cref="FollowersAsync"/>.
    /// </summary>
    public Task<FollowPage<Board>> BoardsAsync(
        ObjectId<User> person, string? cursor, CancellationToken cancellation) =>
        PageAsync(
            UserFollowsBoard, person, cursor, board => Visibility.CanSee(Viewer.Anybody, board.Body), cancellation);

    async Task<FollowPage<T>> PageAsync<T>(
        Mapping<User, T> list, ObjectId<User> person, string? cursor, Func<Stored<T>, bool> isShown,
        CancellationToken cancellation) where T : class
    {
        var shown = new List<Stored<T>>();
        for (var turn = 0; turn < TurnsMax && shown.Count < PageSize; turn++)
        {
            var page = await store.PageAsync(
                list, person, new PageRequest(PageSize - shown.Count) { Cursor = cursor }, cancellation);
            var found = await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation);
            shown.AddRange(found.OfType<Stored<T>>().Where(isShown));
            cursor = page.Next;
            if (cursor is null)
                break;
        }
        return new FollowPage<T>(shown, cursor);
    }

    static void RefuseTooMany(int count)
    {
        if (count > PageSize)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"{count} were asked about at once; {PageSize} is the most. Ask in parts.");
    }
}

/// <summary>A part of a list of people or boards, and the cursor of the next part or null.</summary>
sealed record FollowPage<T>(IReadOnlyList<Stored<T>> Items, string? Next) where T : class;

/// <summary>A person's numbers.</summary>
/// <param name="Followers">How many follow them.</param>
/// <param name="People">How many they follow.</param>
/// <param name="Boards">How many boards they follow by themselves.</param>
sealed record FollowCounts(long Followers, long People, long Boards);
