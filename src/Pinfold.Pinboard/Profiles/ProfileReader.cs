using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Profiles;

/// <summary>
/// Reads a person's profile. Cold, the first page costs three round trips: the name, the lists, the objects (the last
/// two to one server, since they share a shard); and where boards have no picture, what their pins are called. Warm it
/// costs one to the cache.
/// </summary>
sealed class ProfileReader(ShardedStore store, VisiblePins visible, BoardTitles titles)
{
    /// <summary>Boards shown on a profile: the newest that the viewer may see.</summary>
    const int BoardsShown = 60;

    /// <summary>So many boards and their counts fit into one batch with the pins; for more it is one more.</summary>
    const int BoardsCountedMax = 450;

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
    public Task<PinPage> PinsAsync(
        Viewer viewer, ObjectId<User> owner, string? cursor, CancellationToken cancellation) =>
        visible.PageAsync(viewer, PinsFor(viewer, owner), owner, cursor, cancellation);

    Task<ProfilePage?> CachedAsync(string name, bool asOwner, Viewer viewer, CancellationToken cancellation) =>
        store.CachedAsync(
        PageInvalidation.ProfileKey(name, asOwner), TimeToLive, ProfileJson.Default.ProfilePage,
        token => ReadAsync(viewer, name, token), cancellation);

    async Task<ProfilePage?> ReadAsync(Viewer viewer, string name, CancellationToken cancellation)
    {
        if (await store.Names.FindOwnerAsync(PinboardModel.UsernameKind, name, cancellation) is not { } owner)
            return null;
        var id = User.Type.Id(owner);
        var isOwn = viewer.Is(id);
        var lists = store.Read();
        var user = lists.Find(id);
        var boardList = lists.Page(
            isOwn ? UserHasBoards : UserHasPublicBoards, id, new PageRequest(Board.OfOnePersonMax));
        var pinList = lists.Page(PinsFor(viewer, id), id, new PageRequest(PinPage.Size));
        await lists.ExecuteAsync(cancellation);
        if (user.Value is not { Body: var person })
            return null;

        var objects = store.Read();
        var counts = boardList.Value.Items.Count > BoardsCountedMax ? store.Read() : objects;
        var found = boardList.Value.Items.Select(e => objects.Find(e.To)).ToList();
        var pins = pinList.Value.Items.Select(e => objects.Find(e.To)).ToList();
        var pinCounts = boardList.Value.Items.ToDictionary(
            e => e.To, e => counts.Count(isOwn ? BoardHasPins : BoardHasPublicPins, e.To));
        await objects.ExecuteAsync(cancellation);
        if (counts != objects)
            await counts.ExecuteAsync(cancellation);

        var boards = found.Select(b => b.Value).OfType<Stored<Board>>()
            .Where(b => Visibility.CanSee(viewer, b.Body)).ToList();
        var byId = boards.ToDictionary(b => b.Id, b => b.Body);
        var shown = new PinPage(
            [.. pins.Select(p => p.Value).OfType<Stored<Pin>>()
                .Where(p => Visibility.CanSee(viewer, p.Body, byId.GetValueOrDefault(p.Body.Board)))
                .Select(p => new ListedPin(p.Id, p.Body))],
            pinList.Value.Next);
        if (shown.Next is not null)
            shown = await visible.FillAsync(viewer, PinsFor(viewer, id), id, shown, cancellation);
        var listed = boards.Take(BoardsShown)
            .Select(b => new ListedBoard(b.Id, b.Body, pinCounts[b.Id].Value)).ToList();
        var called = await titles.FindAsync(viewer, listed, shown.Pins, cancellation);
        return new ProfilePage(
            id, person, [.. listed.Select(b => called.Contains(b.Id) ? b with { Titles = [.. called[b.Id]] } : b)],
            boards.Count, boards.Sum(b => pinCounts[b.Id].Value), shown.Pins, shown.Next);
    }

    static Mapping<User, Pin> PinsFor(Viewer viewer, ObjectId<User> owner) =>
        viewer.Is(owner) ? UserHasPins : UserHasPublicPins;
}
