using Lucene.Net.Index;
using Lucene.Net.Search;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// Keeps the best of what is found: by how well it fits, times what it gains by being popular and new; of what has no
/// words to fit, the newest. Counts, too, what facets ask for.
/// </summary>
sealed class RankedCollector(int best, bool isByFit, double nowSeconds, FacetCounter? facets) : ICollector
{
    const double SecondsPerDay = 24 * 60 * 60;

    readonly PriorityQueue<long, (double Score, long Id)> _best = new();
    NumericDocValues _ids = null!, _at = null!, _popularity = null!;
    Scorer _scorer = null!;

    public long Total { get; private set; }

    public bool AcceptsDocsOutOfOrder => true;

    public void SetScorer(Scorer scorer) => _scorer = scorer;

    public void SetNextReader(AtomicReaderContext context)
    {
        _ids = context.AtomicReader.GetNumericDocValues(LuceneFields.Id);
        _at = context.AtomicReader.GetNumericDocValues(LuceneFields.At);
        _popularity = context.AtomicReader.GetNumericDocValues(LuceneFields.Popularity);
        facets?.SetNextReader(context.AtomicReader);
    }

    public void Collect(int doc)
    {
        Total++;
        facets?.Collect(doc);
        var at = _at.Get(doc);
        var score = isByFit
            ? _scorer.GetScore() * Ranking.Boost(_popularity.Get(doc), (nowSeconds - at) / SecondsPerDay)
            : at;
        if (_best.Count < best)
        {
            var id = _ids.Get(doc);
            _best.Enqueue(id, (score, id));
        }
        else if (best > 0 && _best.TryPeek(out _, out var least) && score >= least.Score)
        {
            var id = _ids.Get(doc);
            if ((score, id).CompareTo(least) > 0)
                _best.EnqueueDequeue(id, (score, id));
        }
    }

    /// <summary>Best first; to be taken once.</summary>
    public IReadOnlyList<ObjectId> TakeFrom(int offset)
    {
        var ids = new ObjectId[_best.Count];
        for (var at = ids.Length - 1; at >= 0; at--)
            ids[at] = ObjectId.FromInt64(_best.Dequeue());
        return ids.Length <= offset ? [] : ids[offset..];
    }
}
