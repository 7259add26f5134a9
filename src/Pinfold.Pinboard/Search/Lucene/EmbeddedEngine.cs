using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// Indexes in the data folder, by Lucene.NET, within the process. The one that serves is written by one process; others
/// of the same folder ask what is on disk.
/// </summary>
sealed class EmbeddedEngine(Installation installation, ShardedStore store) : ISearchEngine, ISearchIndex
{
    readonly IndexFolder _folder = new(installation.SearchFolder);
    volatile LuceneTarget? _serving;

    public string Name => "embedded";

    public bool GoesOnFromPlaces => true;

    public ISearchIndex Index => this;

    /// <summary>What this process writes and asks; null before it was opened.</summary>
    public LuceneTarget? Serving => _serving;

    /// <summary>Whether an index other than this process has open is to serve.</summary>
    public bool IsReplaced => _serving is { } serving && _folder.FindServing() is { } name && name != serving.Name;

    /// <summary>Opens the one that serves for this process to ask: to write it too, unless another does.</summary>
    public async Task OpenAsync()
    {
        var before = _serving;
        var (name, places) = ServingOrNew();
        _serving = null;
        if (before is not null)
        {
            await before.DisposeAsync();
            if (before.IsToWrite && before.Name != name)
                _folder.Delete(before.Name);
        }
        var target = new LuceneTarget(_folder, name, isToWrite: true);
        try
        {
            // What is filled is opened when somebody asks; what is not is written at once.
            if (places.Count == 0)
                target.Open();
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            target = new LuceneTarget(_folder, name, isToWrite: false);
        }
        _serving = target;
    }

    /// <summary>Another process writes it after all: from now on this one asks alone.</summary>
    public void OnlyAsk() => _serving = new LuceneTarget(_folder, ServingOrNew().Name, isToWrite: false);

    public async Task CloseAsync()
    {
        if (_serving is { } serving)
            await serving.DisposeAsync();
    }

    public Task<ISearchTarget> OpenServingAsync(CancellationToken cancellation)
    {
        var target = new LuceneTarget(_folder, ServingOrNew().Name, isToWrite: true);
        try
        {
            target.Open();
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            target = new LuceneTarget(_folder, target.Name, isToWrite: false);
        }
        return Task.FromResult<ISearchTarget>(target);
    }

    public Task<ISearchTarget> OpenNextAsync(CancellationToken cancellation)
    {
        var serving = _folder.FindServing();
        var begun = _folder.List().LastOrDefault(name => string.CompareOrdinal(name, serving) > 0);
        var target = new LuceneTarget(_folder, begun ?? _folder.Make(), isToWrite: true);
        target.Open();
        return Task.FromResult<ISearchTarget>(target);
    }

    public async Task SwapAsync(ISearchTarget next, CancellationToken cancellation)
    {
        var before = _folder.FindServing();
        await next.DisposeAsync();
        _folder.Serve(next.Name);
        // Where no process serves, nobody else lets go of the one before.
        if (before is null || before == next.Name)
            return;
        await using var last = new LuceneTarget(_folder, before, isToWrite: true);
        try
        {
            last.Open();
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            return;
        }
        await last.DisposeAsync();
        _folder.Delete(before);
    }

    public async Task<IReadOnlyList<SearchIndexStatus>> StatusAsync(CancellationToken cancellation)
    {
        var serving = _folder.FindServing();
        var all = new List<SearchIndexStatus>();
        foreach (var name in _folder.List())
        {
            if (_serving is { IsToWrite: true } own && own.Name == name)
            {
                all.Add(Status(own));
                continue;
            }
            await using var target = new LuceneTarget(_folder, name, isToWrite: false);
            all.Add(Status(target));
        }
        return all;

        SearchIndexStatus Status(LuceneTarget target) => new(
            target.Name, target.Name == serving, target.IsThere ? target.Ask(LuceneSearch.Count) : 0,
            _folder.ReadPlaces(target.Name));
    }

    public Task<SearchHits> FindAsync(SearchRequest request, CancellationToken cancellation) => Task.Run(
        () => Ask(new SearchHits(0, [], SearchFacets.None), s => LuceneSearch.Find(s, request)), cancellation);

    public Task<IReadOnlyList<ObjectId>> FindRelatedAsync(
        RelatedRequest request, CancellationToken cancellation) =>
        Task.Run(() => Ask([], s => LuceneSearch.FindRelated(s, request)), cancellation);

    public Task<IReadOnlyList<TagCount>> FindTagsAsync(
        string beginning, ObjectId<User> owner, int limit, CancellationToken cancellation) =>
        Task.Run(() => Ask([], s => LuceneSearch.FindTags(s, beginning, owner, limit)), cancellation);

    public ValueTask<SearchProgress> ProgressAsync(CancellationToken cancellation)
    {
        var places = _serving is { } serving ? _folder.ReadPlaces(serving.Name) : [];
        return new(new SearchProgress(places.Values.Count(p => p.IsFilled), store.Topology.ShardCount));
    }

    T Ask<T>(T nothing, Func<global::Lucene.Net.Search.IndexSearcher, T> ask)
    {
        if (_serving is not { } serving || !(serving.IsToWrite || serving.IsThere))
            return nothing;
        try
        {
            return serving.Ask(ask);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            OnlyAsk();
        }
        catch (PinfoldException) when (_serving is { } other && other != serving)
        {
            // It was replaced between two words.
        }
        return _serving is { IsThere: true } now ? now.Ask(ask) : nothing;
    }

    (string Name, Dictionary<ShardId, FillPlace> Places) ServingOrNew()
    {
        var name = _folder.FindServing();
        if (name is null)
        {
            name = _folder.Make();
            _folder.Serve(name);
        }
        return (name, _folder.ReadPlaces(name));
    }
}
