using System.Text.Json;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>Indexes in Solr, alone or as a cloud, of which every process asks and writes the one that serves.</summary>
sealed class SolrEngine(SolrHttp http, ShardedStore store, TimeProvider time) : ISearchEngine, ISearchIndex
{
    /// <summary>For so long it is not asked again how far the index is filled.</summary>
    static readonly TimeSpan ProgressAge = TimeSpan.FromSeconds(5);

    readonly SolrSetup _setup = new(http);
    (SearchProgress Progress, long At)? _progress;

    public string Name => "solr";

    public bool GoesOnFromPlaces => false;

    public ISearchIndex Index => this;

    public async Task<ISearchTarget> OpenServingAsync(CancellationToken cancellation) =>
        new SolrTarget(http, _setup, await _setup.EnsureServingAsync(cancellation), SolrSetup.Serving);

    public async Task<ISearchTarget> OpenNextAsync(CancellationToken cancellation)
    {
        var name = await _setup.EnsureNextAsync(cancellation);
        return new SolrTarget(http, _setup, name, name);
    }

    public Task SwapAsync(ISearchTarget next, CancellationToken cancellation) =>
        _setup.SwapAsync(next.Name, cancellation);

    public async Task<IReadOnlyList<SearchIndexStatus>> StatusAsync(CancellationToken cancellation)
    {
        var serving = await _setup.FindServingAsync(cancellation);
        var all = new List<SearchIndexStatus>();
        foreach (var name in await _setup.ListAsync(cancellation))
            all.Add(await StatusAsync(name, name == serving, cancellation));
        return all;
    }

    async Task<SearchIndexStatus> StatusAsync(string name, bool serves, CancellationToken cancellation)
    {
        try
        {
            return new SearchIndexStatus(
                name, serves, await CountAsync(name, cancellation),
                await new SolrTarget(http, _setup, name, name).PlacesAsync(cancellation));
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Invalid)
        {
            // It has no fields yet, or went meanwhile.
            return new SearchIndexStatus(name, serves, 0, new Dictionary<ShardId, FillPlace>());
        }
    }

    public async Task<SearchHits> FindAsync(SearchRequest request, CancellationToken cancellation)
    {
        var answer = await AskAsync(SolrQueries.Of(request), cancellation);
        return answer is not { } found ? new SearchHits(0, [], SearchFacets.None)
            : new SearchHits(
                found.GetProperty("response").GetProperty("numFound").GetInt64(), IdsOf(found),
                request.WithFacets ? FacetsOf(found.GetProperty("facets")) : SearchFacets.None);
    }

    public async Task<IReadOnlyList<ObjectId>> FindRelatedAsync(
        RelatedRequest request, CancellationToken cancellation) =>
        await AskAsync(SolrQueries.Of(request), cancellation) is { } found ? IdsOf(found) : [];

    public async Task<IReadOnlyList<TagCount>> FindTagsAsync(
        string beginning, ObjectId<User> owner, int limit, CancellationToken cancellation) =>
        await AskAsync(SolrQueries.OfTags(beginning, owner, limit), cancellation) is { } found
            ? [.. Buckets(found.GetProperty("facets"), "tags", value => IndexedTag.Parse(value.GetString()!).Name)
                .Select(tag => new TagCount(tag.Value, tag.Count))]
            : [];

    public async ValueTask<SearchProgress> ProgressAsync(CancellationToken cancellation)
    {
        if (_progress is { } known && time.GetElapsedTime(known.At) < ProgressAge)
            return known.Progress;
        var filled = 0;
        try
        {
            filled = (await new SolrTarget(http, _setup, SolrSetup.Serving, SolrSetup.Serving)
                .PlacesAsync(cancellation)).Values.Count(place => place.IsFilled);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Invalid)
        {
            // It is not there yet, or has no fields.
        }
        var progress = new SearchProgress(filled, store.Topology.ShardCount);
        _progress = (progress, time.GetTimestamp());
        return progress;
    }

    /// <summary>Null where there is no index yet.</summary>
    async Task<JsonElement?> AskAsync(
        IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        try
        {
            return await http.AskAsync($"{SolrSetup.Serving}/select", parameters, cancellation);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    async Task<long> CountAsync(string name, CancellationToken cancellation) => (await http.AskAsync(
        $"{name}/select", [new("wt", "json"), new("q", $"{SolrFields.Gone}:0"), new("rows", "0")], cancellation))
        .GetProperty("response").GetProperty("numFound").GetInt64();

    static List<ObjectId> IdsOf(JsonElement answer) => [.. answer.GetProperty("response").GetProperty("docs")
        .EnumerateArray().Select(doc => ObjectId.FromInt64(doc.GetProperty(SolrFields.Number).GetInt64()))];

    static SearchFacets FacetsOf(JsonElement facets) => new()
    {
        Boards = Buckets(facets, SolrFields.Board, value => ObjectId<Board>.FromInt64(value.GetInt64())),
        Colours = Buckets(facets, SolrFields.Colour, value => value.GetString()!),
        Kinds = Buckets(facets, SolrFields.Kind, value => value.GetString()!),
        Years = Buckets(facets, SolrFields.Year, value => value.GetInt32()),
    };

    /// <summary>Nothing found has no facets.</summary>
    static List<FacetCount<T>> Buckets<T>(JsonElement facets, string name, Func<JsonElement, T> value) =>
        !facets.TryGetProperty(name, out var facet) ? []
            : [.. facet.GetProperty("buckets").EnumerateArray().Select(bucket => new FacetCount<T>(
                value(bucket.GetProperty("val")), bucket.GetProperty("count").GetInt64()))];
}
