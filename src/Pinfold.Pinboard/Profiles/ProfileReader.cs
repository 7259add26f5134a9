using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Profiles;

/// <summary>
/// Reads a person's profile. Cold, the first page costs three round trips: the name, the lists, the objects (the last
/// two to one server, since they share a shard). Warm it costs one to the cache.
/// </summary>
sealed class ProfileReader(ShardedStore store, VisiblePins visible)
{
    /// <summary>Boards shown on a profile; all are on the page of boards.</summary>
    const int BoardsShown = 60;

    static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);

    /// <summary>The first page of the profile of that name, or null if there is nobody.</summary>
    public async Task<ProfilePage?> FindAsync(Viewer viewer, string username, CancellationToken cancellation)
    {
        if (!Usernames.IsPossible(username))
            return null;
        var name = Usernames.Checked(username);
        var view = await CachedAsync(name, asOwner: false, Viewer.Anybody, cancellation);
        return view is not null && viewer.Is(view.UserId)
            ? await CachedAsync(name, asOwner: true, viewer, cancellation)
            : view;
    }

    /// <summary>
    /// As <see cref="FindAsync"/> for one's own profile, whose viewer knows their name: warm, one round trip.
    /// </summary>
    public async Task<ProfilePage?> FindOwnAsync(Viewer viewer, string username, CancellationToken cancellation)
    {
        var view = await CachedAsync(username, asOwner: true, viewer, cancellation);
        return view is not null && viewer.Is(view.UserId) ? view : null;
    }

    /// <summary>A later page of a person's pins.</summary>
    public async Task<PinPage> PinsAsync(
        Viewer viewer, ObjectId<User> owner, string? cursor, CancellationToken cancellation)
    {
        var page =
            await store.PageAsync(UserHasPins, owner, new PageRequest(PinPage.Size) { Cursor = cursor }, cancellation);
        return new PinPage(await visible.FindAsync(viewer, [.. page.Items.Select(e => e.To)], cancellation), page.Next);
    }

    Task<ProfilePage?> CachedAsync(string name, bool asOwner, Viewer viewer, CancellationToken cancellation) =>
        store.CachedAsync(
        PageInvalidation.ProfileKey(name, asOwner), TimeToLive, ProfileJson.Default.ProfilePage,
        token => ReadAsync(viewer, name, token), cancellation);

    async Task<ProfilePage?> ReadAsync(Viewer viewer, string name, CancellationToken cancellation)
    {
        if (await store.Names.FindOwnerAsync(PinboardModel.UsernameKind, name, cancellation) is not { } found)
            return null;
        var id = User.Type.Id(found);
        var lists = store.Read();
        var user = lists.Find(id);
        var boardPage = lists.Page(UserHasBoards, id, new PageRequest(Board.OfOnePersonMax));
        var pinPage = lists.Page(UserHasPins, id, new PageRequest(PinPage.Size));
        var pinCount = lists.Count(UserHasPins, id);
        await lists.ExecuteAsync(cancellation);
        if (user.Value is not { Body: var person })
            return null;

        var objects = store.Read();
        var boards = boardPage.Value.Items.Select(e => objects.Find(e.To)).ToList();
        var pins = pinPage.Value.Items.Select(e => objects.Find(e.To)).ToList();
        var counts = boardPage.Value.Items.Take(BoardsShown)
            .Select(e => (All: objects.Count(BoardHasPins, e.To), Secret: objects.Count(BoardHasSecretPins, e.To)))
                .ToList();
        await objects.ExecuteAsync(cancellation);

        var byId = boards.Select(b => b.Value).OfType<Stored<Board>>().ToDictionary(b => b.Id, b => b.Body);
        var shown = boards.Zip(counts)
            .Where(b => b.First.Value is { } board && Visibility.CanSee(viewer, board.Body))
            .Select(b => new ListedBoard(b.First.Value!.Id, b.First.Value.Body,
                b.Second.All.Value - (viewer.Is(id) ? 0 : b.Second.Secret.Value)));
        var visible = pins.Select(p => p.Value).OfType<Stored<Pin>>()
            .Where(p => Visibility.CanSee(viewer, p.Body, byId.GetValueOrDefault(p.Body.Board)))
            .Select(p => new ListedPin(p.Id, p.Body));
        return new ProfilePage(
            id, person, [.. shown], viewer.Is(id) ? pinCount.Value : null, [.. visible], pinPage.Value.Next);
    }
}
