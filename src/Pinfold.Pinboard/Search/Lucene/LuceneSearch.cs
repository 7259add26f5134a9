using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>What the embedded index is asked.</summary>
static class LuceneSearch
{
    /// <summary>So many tags begin as a letter that not all of them are counted.</summary>
    const int TagsLookedAtMax = 2000;

    public static SearchHits Find(IndexSearcher searcher, SearchRequest request)
    {
        if (searcher.IndexReader.NumDocs == 0)
            return new SearchHits(0, [], SearchFacets.None);
        var facets = request.WithFacets ? new FacetCounter() : null;
        var found = new RankedCollector(
            Math.Min(request.Offset + request.Limit, SearchRequest.DepthMax), request.Query.HasText,
            request.At.ToUnixTimeSeconds(), facets);
        searcher.Search(LuceneQueries.Of(request), LuceneQueries.FilterOf(request), found);
        return new SearchHits(
            found.Total, found.TakeFrom(request.Offset), facets?.ToFacets() ?? SearchFacets.None);
    }

    public static IReadOnlyList<ObjectId> FindRelated(IndexSearcher searcher, RelatedRequest request)
    {
        if (searcher.IndexReader.NumDocs == 0)
            return [];
        var (query, filter) = LuceneQueries.Of(request);
        var found = new RankedCollector(request.Limit, isByFit: true, 0, facets: null);
        searcher.Search(query, filter, found);
        return found.TakeFrom(0);
    }

    public static IReadOnlyList<TagCount> FindTags(
        IndexSearcher searcher, string beginning, ObjectId<User> owner, int limit)
    {
        var (field, prefix) = owner.IsNone ? (LuceneFields.PublicTag, "")
            : (LuceneFields.OwnTag, LuceneFields.OwnTagOf(owner, ""));
        if (MultiFields.GetTerms(searcher.IndexReader, field) is not { } all)
            return [];
        var live = MultiFields.GetLiveDocs(searcher.IndexReader);
        var terms = all.GetEnumerator();
        var counts = new List<TagCount>();
        var begin = prefix + beginning;
        if (terms.SeekCeil(new BytesRef(begin)) == TermsEnum.SeekStatus.END)
            return [];
        for (var lookedAt = 0; lookedAt < TagsLookedAtMax; lookedAt++)
        {
            var term = terms.Term.Utf8ToString();
            if (!term.StartsWith(begin, StringComparison.Ordinal))
                break;
            // Those of documents that were replaced count until their part of the index is merged.
            if (terms.Docs(live, null, DocsFlags.NONE).NextDoc() != DocIdSetIterator.NO_MORE_DOCS)
                counts.Add(new TagCount(IndexedTag.Parse(term[prefix.Length..]).Name, terms.DocFreq));
            if (!terms.MoveNext())
                break;
        }
        return [.. counts.OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>What there is of a shard, by id.</summary>
    public static IReadOnlyList<IndexedState> List(IndexSearcher searcher, ShardId shard, ObjectId after, int limit)
    {
        var found = new StateCollector();
        searcher.Search(new TermQuery(new Term(LuceneFields.Shard, LuceneFields.Text(shard.Value))), found);
        return [.. found.States.Where(s => s.Id.Value > after.Value).OrderBy(s => s.Id.Value).Take(limit)];
    }

    /// <summary>How much can be found at all.</summary>
    public static long Count(IndexSearcher searcher)
    {
        var found = new StateCollector();
        searcher.Search(new MatchAllDocsQuery(), found);
        return found.States.Count(s => !s.IsGone);
    }

    sealed class StateCollector : ICollector
    {
        NumericDocValues _ids = null!, _seqs = null!, _digests = null!, _gone = null!;

        public List<IndexedState> States { get; } = [];

        public bool AcceptsDocsOutOfOrder => true;

        public void SetScorer(Scorer scorer)
        {
        }

        public void SetNextReader(AtomicReaderContext context)
        {
            var reader = context.AtomicReader;
            (_ids, _seqs) = (reader.GetNumericDocValues(LuceneFields.Id), reader.GetNumericDocValues(LuceneFields.Seq));
            _digests = reader.GetNumericDocValues(LuceneFields.Digest);
            _gone = reader.GetNumericDocValues(LuceneFields.Gone);
        }

        public void Collect(int doc) => States.Add(new IndexedState(
            ObjectId.FromInt64(_ids.Get(doc)), _seqs.Get(doc), _digests.Get(doc), _gone.Get(doc) == 1));
    }
}
