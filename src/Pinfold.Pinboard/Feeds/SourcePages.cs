using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Feeds;

/// <summary>
/// The lists of many sources as one, newest first. Each is read in pages, of all that are due at once: one round trip
/// to each server. A server that does not answer costs its sources alone.
/// </summary>
sealed class SourcePages(ShardedStore store, IReadOnlyCollection<FeedSource> sources, int wanted)
{
    /// <summary>
    /// How often lists are read on; whoever still has more then ends what is known. More often than a feed of a
    /// thousand has sources with more in it than a first page.
    /// </summary>
    const int RefillsMax = 64;

    const int PageMin = 20;

    /// <summary>Who has no more than this left is read on together with whoever has nothing left.</summary>
    const int Low = PageMin / 2;

    const int ReadsPerBatch = 900;

    readonly PriorityQueue<Pages, FeedPosition> _heads = new();
    readonly HashSet<ObjectId<Pin>> _given = [];
    List<Pages> _due = [.. sources.Select(source => new Pages(source))];
    int _refills;

    /// <summary>What is read of one source, and where it goes on.</summary>
    sealed class Pages(FeedSource source)
    {
        public FeedSource Source => source;

        public Queue<FeedPosition> Read { get; } = new();

        public string? Next { get; set; }
    }

    /// <summary>Why some sources are missing; null when none is.</summary>
    public PinfoldException? Failure { get; private set; }

    /// <summary>Whether all there is was given.</summary>
    public bool IsAll => _heads.Count == 0 && _due.Count == 0;

    /// <summary>The next so many, each pin once; fewer where there are no more, or they are too far away.</summary>
    public async Task<IReadOnlyList<FeedPosition>> TakeAsync(int count, CancellationToken cancellation)
    {
        var taken = new List<FeedPosition>();
        while (taken.Count < count)
        {
            if (_due.Count > 0)
            {
                if (_refills++ >= RefillsMax)
                    break;
                await RefillAsync(cancellation);
            }
            if (!_heads.TryDequeue(out var pages, out var position))
                break;
            if (_given.Add(position.Pin))
                taken.Add(position);
            Enqueue(pages);
        }
        return taken;
    }

    /// <summary>What is drained and has more may have the next, so nothing is given before it is read on.</summary>
    void Enqueue(Pages pages)
    {
        if (pages.Read.TryDequeue(out var next))
            _heads.Enqueue(pages, next);
        else if (pages.Next is not null)
            _due.Add(pages);
    }

    async Task RefillAsync(CancellationToken cancellation)
    {
        var due = _due;
        _due = [];
        var size = _refills == 1 ? Math.Clamp(4 * wanted / Math.Max(1, sources.Count), PageMin, wanted) : wanted;
        var low = _heads.UnorderedItems.Select(head => head.Element)
            .Where(pages => pages.Next is not null && pages.Read.Count <= Low);
        await Task.WhenAll(due.Concat(low).GroupBy(pages => store.Topology.Shard(pages.Source.Id.Shard).Server.Name)
            .SelectMany(server => server.Chunk(ReadsPerBatch))
            .Select(part => ReadAsync(part, size, cancellation)));
        foreach (var pages in due)
            Enqueue(pages);
    }

    async Task ReadAsync(Pages[] part, int size, CancellationToken cancellation)
    {
        var read = store.Read();
        var lists = Array.ConvertAll(part, pages =>
        {
            var request = new PageRequest(size) { Cursor = pages.Next };
            return pages.Source.IsBoard
                ? read.Page(BoardHasPublicPins, Board.Type.Id(pages.Source.Id), request)
                : read.Page(UserHasPublicPins, User.Type.Id(pages.Source.Id), request);
        });
        try
        {
            await read.ExecuteAsync(cancellation);
        }
        catch (PinfoldException e) when (e.IsTransient)
        {
            Failure ??= e;
            foreach (var pages in part)
                pages.Next = null;
            return;
        }
        foreach (var (pages, list) in part.Zip(lists))
        {
            foreach (var entry in list.Value.Items)
                pages.Read.Enqueue(new FeedPosition(entry.Sequence, entry.To));
            pages.Next = list.Value.Next;
        }
    }
}
