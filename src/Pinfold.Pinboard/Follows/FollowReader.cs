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

    static readonly TimeSpan VisitorsCountsKept = TimeSpan.FromSeconds(10);

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
        var read = store.Read();
        var follows = Ask(read, viewer, boards);
        await read.ExecuteAsync(cancellation);
        return follows();
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

    /// <summary>
    /// What a person's page says of follows. The viewer's own follow is counted at once, though the reverse comes a
    /// moment later. One round trip; for nobody from the cache, at most <see cref="VisitorsCountsKept"/> old.
    /// </summary>
    public async Task<PersonFollows> OfPersonAsync(
        Viewer viewer, ObjectId<User> person, CancellationToken cancellation)
    {
        if (!viewer.IsSignedIn)
            return new PersonFollows((await store.CachedAsync(
                $"v1:follows:{person}", VisitorsCountsKept, FollowJson.Default.FollowCounts,
                async token => await CountAsync(person, token), cancellation))!, false, false);
        var read = store.Read();
        var followers = read.Count(UserFollowedByUser, person);
        var (people, boards) = (read.Count(UserFollowsUser, person), read.Count(UserFollowsBoard, person));
        var follows = read.Entries(UserFollowsUser, viewer.User, [person]);
        var counted = read.Entries(UserFollowedByUser, person, [viewer.User]);
        var blocks = read.Entries(UserBlocksUser, viewer.User, [person]);
        await read.ExecuteAsync(cancellation);
        return new PersonFollows(
            new FollowCounts(
                followers.Value + follows.Value.Count - counted.Value.Count, people.Value, boards.Value),
            follows.Value.Count > 0, blocks.Value.Count > 0);
    }

    /// <summary>
    /// How many follow a board by itself, with the viewer's own follow as in <see cref="OfPersonAsync"/>, and how the
    /// viewer does. One round trip.
    /// </summary>
    public async Task<(long Count, BoardFollow Follow)> OfBoardAsync(
        Viewer viewer, Stored<Board> board, CancellationToken cancellation)
    {
        if (!viewer.IsSignedIn)
            return (await CountAsync(board.Id, cancellation), BoardFollow.None);
        var read = store.Read();
        var count = read.Count(BoardFollowedByUser, board.Id);
        var counted = read.Entries(BoardFollowedByUser, board.Id, [viewer.User]);
        var follow = Ask(read, viewer, [(board.Id, board.Body.Owner)]);
        await read.ExecuteAsync(cancellation);
        var state = follow()[0];
        return (count.Value + (state == BoardFollow.ByItself ? 1 : 0) - counted.Value.Count, state);
    }

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

    /// <summary>Asks in a batch; gives the answers once that is executed.</summary>
    static Func<IReadOnlyList<BoardFollow>> Ask(
        ReadBatch read, Viewer viewer, IReadOnlyList<(ObjectId<Board> Id, ObjectId<User> Owner)> boards)
    {
        var ids = boards.Select(b => b.Id).ToList();
        var followed = read.Entries(UserFollowsBoard, viewer.User, ids);
        var leftOut = read.Entries(UserLeavesOutBoard, viewer.User, ids);
        var owners = read.Entries(UserFollowsUser, viewer.User, [.. boards.Select(b => b.Owner).Distinct()]);
        return () => [.. boards.Select(b =>
            followed.Value.Any(e => e.To == b.Id) ? BoardFollow.ByItself
            : owners.Value.All(e => e.To != b.Owner) ? BoardFollow.None
            : leftOut.Value.Any(e => e.To == b.Id) ? BoardFollow.LeftOut
            : BoardFollow.WithItsOwner)];
    }

    static void RefuseTooMany(int count)
    {
        if (count > PageSize)
            throw new PinfoldException(
                ErrorKind.LimitExceeded, $"{count} were asked about at once; {PageSize} is the most. Ask in parts.");
    }
}
