using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Finding;

/// <summary>
/// Finds pins, boards and people. The index says which; what they are is read, and whether the viewer may see them
/// decided, as everywhere: so what it has of yesterday shows nobody what is secret today.
/// </summary>
sealed class SearchReader(
    ISearchEngine engine, ShardedStore store, UserService users, VisiblePins visible, TimeProvider time)
{
    public const int BoardsShown = 6;
    public const int PeopleShown = 6;

    /// <summary>How often an index is asked for one page, when much of what it found is not to be seen.</summary>
    const int TurnsMax = 4;

    /// <summary>
    /// A page of pins; with the first also boards, people and facets. One question to the index for each of these, and
    /// the reads of what was found, most of them to the cache.
    /// </summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="query">For what.</param>
    /// <param name="filter">What was chosen of the facets.</param>
    /// <param name="place">Null for the first page.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="PinfoldException">Unavailable: the index, or a shard, does not answer.</exception>
    public async Task<SearchPage> FindAsync(
        Viewer viewer, SearchQuery query, SearchFilter filter, SearchPlace? place, CancellationToken cancellation)
    {
        var owner = query.Username is { } name ? await users.FindAsync(name, cancellation) : null;
        if (query.Username is not null && owner is null)
            return SearchPage.Empty with { People = await PeopleAsync(viewer, NameQuery(query), cancellation) };
        var at = place?.At ?? time.GetUtcNow();
        var request = new SearchRequest(Pin.Type, query, viewer.User, at)
        {
            Owner = owner?.Id ?? default,
            Filter = filter,
            Offset = place?.Offset ?? 0,
            Limit = PinPage.Size,
            WithFacets = place is null,
        };
        var pins = PinsAsync(viewer, request, cancellation);
        if (place is not null)
            return await pins;
        var boards = BoardsAsync(viewer, request, cancellation);
        var people = owner is not null ? Task.FromResult<IReadOnlyList<Stored<User>>>([owner])
            : PeopleAsync(viewer, query, cancellation);
        await Task.WhenAll(pins, boards, people);
        return (await pins) with { Boards = await boards, People = await people };
    }

    /// <summary>How much of the shards can be found.</summary>
    /// <exception cref="PinfoldException">Unavailable: the index does not answer.</exception>
    public ValueTask<SearchProgress> ProgressAsync(CancellationToken cancellation) =>
        engine.Index.ProgressAsync(cancellation);

    async Task<SearchPage> PinsAsync(Viewer viewer, SearchRequest request, CancellationToken cancellation)
    {
        var shown = new List<ListedPin>(PinPage.Size);
        var first = default(SearchHits);
        var offset = request.Offset;
        for (var turn = 0; turn < TurnsMax && shown.Count < PinPage.Size && offset < SearchRequest.DepthMax; turn++)
        {
            var hits = await engine.Index.FindAsync(
                request with
                {
                    Offset = offset,
                    Limit = PinPage.Size - shown.Count,
                    WithFacets = request.WithFacets && turn == 0,
                }, cancellation);
            first ??= hits;
            offset += hits.Ids.Count;
            shown.AddRange(await visible.FindAsync(viewer, [.. hits.Ids.Select(Pin.Type.Id)], cancellation));
            if (hits.Ids.Count == 0 || offset >= hits.Total)
                break;
        }
        var total = first?.Total ?? 0;
        return new SearchPage(
            shown, total, offset < Math.Min(total, SearchRequest.DepthMax) ? new SearchPlace(offset, request.At) : null,
            await ShownAsync(viewer, first?.Facets ?? SearchFacets.None, cancellation), [], []);
    }

    async Task<ShownFacets> ShownAsync(Viewer viewer, SearchFacets facets, CancellationToken cancellation)
    {
        var boards = (await store.FindManyAsync([.. facets.Boards.Select(b => b.Value)], cancellation))
            .OfType<Stored<Board>>().Where(b => Visibility.CanSee(viewer, b.Body))
            .ToDictionary(b => b.Id, b => b.Body.Name);
        return new ShownFacets(
            facets with { Boards = [.. facets.Boards.Where(b => boards.ContainsKey(b.Value))] }, boards);
    }

    async Task<IReadOnlyList<FoundBoard>> BoardsAsync(
        Viewer viewer, SearchRequest request, CancellationToken cancellation)
    {
        if (request.Query is { HasText: false, Board.Count: 0, Username: null } || request.Query.Tags.Count > 0)
            return [];
        var hits = await engine.Index.FindAsync(new SearchRequest(Board.Type, request.Query, viewer.User, request.At)
        {
            Owner = request.Owner,
            Limit = BoardsShown,
        }, cancellation);
        var found = (await store.FindManyAsync([.. hits.Ids.Select(Board.Type.Id)], cancellation))
            .OfType<Stored<Board>>().Where(b => Visibility.CanSee(viewer, b.Body)).ToList();
        var owners = (await store.FindManyAsync([.. found.Select(b => b.Body.Owner).Distinct()], cancellation))
            .OfType<Stored<User>>().ToDictionary(u => u.Id, u => u.Body);
        return [.. found.Where(b => owners.ContainsKey(b.Body.Owner))
            .Select(b => new FoundBoard(b, owners[b.Body.Owner]))];
    }

    async Task<IReadOnlyList<Stored<User>>> PeopleAsync(
        Viewer viewer, SearchQuery query, CancellationToken cancellation)
    {
        if (query.Words.Count == 0)
            return [];
        var hits = await engine.Index.FindAsync(
            new SearchRequest(User.Type, query, viewer.User, time.GetUtcNow())
            {
                InTitlesOnly = true,
                Limit = PeopleShown,
            }, cancellation);
        return [.. (await store.FindManyAsync([.. hits.Ids.Select(User.Type.Id)], cancellation))
            .OfType<Stored<User>>()];
    }

    /// <summary>Nobody has that name: perhaps it is how one begins.</summary>
    static SearchQuery NameQuery(SearchQuery query) => new() { Words = Words.WordSplitter.Split(query.Username!) };
}
