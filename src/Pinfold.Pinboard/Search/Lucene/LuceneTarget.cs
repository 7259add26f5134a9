using Lucene.Net.Search;
using Lucene.Net.Store;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// An embedded index as it is written, or looked through while another process writes it. Nothing is opened, and
/// nothing of Lucene loaded, before it is needed.
/// </summary>
sealed class LuceneTarget(IndexFolder folder, string name, bool isToWrite) : ISearchTarget
{
    readonly System.Threading.Lock _opening = new();
    LuceneIndex? _index;
    bool _isDirty;
    bool _isEnded;

    public string Name => name;

    public bool IsToWrite => isToWrite;

    /// <summary>Opens it, so that nobody else writes it.</summary>
    /// <exception cref="PinfoldException">
    /// Conflict: another process writes it. Unavailable: its files cannot be used.
    /// </exception>
    public void Open() => Use(static _ => true);

    public T Ask<T>(Func<IndexSearcher, T> ask) => Use(index => index.Ask(ask));

    /// <summary>Whether there is something to ask.</summary>
    public bool IsThere => _index is not null || LuceneIndex.IsThere(folder.PathOf(name));

    public Task WriteAsync(IReadOnlyList<SearchDocument> documents, CancellationToken cancellation)
    {
        if (!isToWrite)
            throw new PinfoldException(ErrorKind.Conflict, "Another process writes this index.");
        if (documents.Count == 0)
            return Task.CompletedTask;
        Use(index =>
        {
            index.Write(documents);
            return true;
        });
        _isDirty = true;
        return Task.CompletedTask;
    }

    /// <summary>Sees what another process has written.</summary>
    public void Refresh() => Use(index =>
    {
        index.Refresh();
        return true;
    });

    public Task<IReadOnlyList<IndexedState>> ListAsync(
        ShardId shard, ObjectId after, int limit, CancellationToken cancellation) => Task.FromResult(
            !IsThere ? [] : ListNow(shard, after, limit));

    public Task<IReadOnlyDictionary<ShardId, FillPlace>> PlacesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<ShardId, FillPlace>>(folder.ReadPlaces(name));

    public Task SaveAsync(IReadOnlyDictionary<ShardId, FillPlace> places, CancellationToken cancellation)
    {
        if (_isDirty)
            Use(index =>
            {
                index.Commit();
                return true;
            });
        _isDirty = false;
        folder.WritePlaces(name, places);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            _isEnded = true;
            _index?.Dispose();
            _index = null;
        }
        return ValueTask.CompletedTask;
    }

    IReadOnlyList<IndexedState> ListNow(ShardId shard, ObjectId after, int limit)
    {
        if (!isToWrite && after.IsNone)
            Refresh();
        return Ask(searcher => LuceneSearch.List(searcher, shard, after, limit));
    }

    T Use<T>(Func<LuceneIndex, T> use)
    {
        try
        {
            return use(Opened());
        }
        catch (LockObtainFailedException e)
        {
            throw new PinfoldException(ErrorKind.Conflict, "Another process writes the search index.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new PinfoldException(
                ErrorKind.Unavailable, $"The search index {name} cannot be used now: {e.Message}", e);
        }
    }

    LuceneIndex Opened()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            return _index ??= isToWrite
                ? LuceneIndex.OpenToWrite(folder.PathOf(name)) : LuceneIndex.OpenToRead(folder.PathOf(name));
        }
    }
}
