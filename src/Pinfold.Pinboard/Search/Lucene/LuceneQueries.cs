using Lucene.Net.Index;
using Lucene.Net.Search;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>What is looked for, as the embedded index understands it.</summary>
static class LuceneQueries
{
    /// <summary>
    /// Its BM25 is this much larger than that of later versions, which left a factor out that changes no order; what is
    /// added to it has to be, too.
    /// </summary>
    const float Bm25Scale = 2.2f;

    public static Query Of(SearchRequest request)
    {
        var query = new BooleanQuery(disableCoord: true)
        {
            { request.InTitlesOnly ? OfTitle(request.Query) : OfText(request.Query), Occur.MUST },
        };
        foreach (var tag in request.Query.Tags)
            query.Add(new TermQuery(new Term(LuceneFields.Tag, tag)) { Boost = 0 }, Occur.MUST);
        foreach (var tag in request.Query.ExcludedTags)
            query.Add(new TermQuery(new Term(LuceneFields.Tag, tag)), Occur.MUST_NOT);
        foreach (var words in request.Query.Excluded)
            query.Add(Phrase(LuceneFields.Words, words), Occur.MUST_NOT);
        return query;
    }

    /// <summary>What all that is found is of, whatever its words.</summary>
    public static Filter FilterOf(SearchRequest request)
    {
        var seen = new SeenFilter(request.Type, request.Viewer);
        var chosen = new BooleanQuery();
        foreach (var word in request.Query.Board)
            chosen.Add(new TermQuery(new Term(LuceneFields.BoardName, word.Form)), Occur.MUST);
        Add(LuceneFields.Owner, request.Owner.IsNone ? null : LuceneFields.Text(request.Owner.Value));
        Add(LuceneFields.Board, request.Filter.Board.IsNone ? null : LuceneFields.Text(request.Filter.Board.Value));
        Add(LuceneFields.Colour, request.Filter.Colour);
        Add(LuceneFields.Kind, request.Filter.Kind);
        Add(LuceneFields.Year, request.Filter.Year is { } year ? LuceneFields.Text(year) : null);
        return chosen.Clauses.Count == 0 ? seen : new QueryWrapperFilter(new FilteredQuery(chosen, seen));

        void Add(string field, string? value)
        {
            if (value is not null)
                chosen.Add(new TermQuery(new Term(field, value)), Occur.MUST);
        }
    }

    /// <summary>Something is like a pin by a word, a tag, or how its picture looks.</summary>
    public static (Query Query, Filter Filter) Of(RelatedRequest request)
    {
        var query = new BooleanQuery(disableCoord: true);
        var bands = PictureBands.Of(request.PerceptualHash);
        if (bands.Count > 0)
        {
            var alike = new BooleanQuery(disableCoord: true) { MinimumNumberShouldMatch = PictureBands.CommonMin };
            foreach (var band in bands)
                alike.Add(new ConstantScoreQuery(new TermQuery(new Term(LuceneFields.Band, band)))
                {
                    Boost = Bm25Scale,
                }, Occur.SHOULD);
            query.Add(alike, Occur.SHOULD);
        }
        if (request.PictureHash is { } hash)
            query.Add(new TermQuery(new Term(LuceneFields.Picture, hash)), Occur.SHOULD);
        if (!request.OfPictureOnly)
        {
            foreach (var stem in request.Stems)
                query.Add(new TermQuery(new Term(LuceneFields.Stems, stem)), Occur.SHOULD);
            foreach (var tag in request.Tags)
                query.Add(new TermQuery(new Term(LuceneFields.Tag, tag)), Occur.SHOULD);
        }
        query.Add(new TermQuery(LuceneFields.TermOf(request.Pin)), Occur.MUST_NOT);
        return (query, new SeenFilter(Pin.Type, request.Viewer));
    }

    static Query OfText(SearchQuery query)
    {
        if (!query.HasText)
            return new MatchAllDocsQuery();
        var all = new BooleanQuery(disableCoord: true);
        if (query.Words.Count > 0)
        {
            var words = new BooleanQuery(disableCoord: true)
            {
                MinimumNumberShouldMatch = Ranking.RequiredOf(query.Words.Count),
            };
            foreach (var (at, word) in query.Words.Index())
                words.Add(
                    OfWord(word, query.IsLastWordOpen && at == query.Words.Count - 1), Occur.SHOULD);
            all.Add(words, Occur.MUST);
        }
        foreach (var phrase in query.Phrases)
        {
            var found = Phrase(LuceneFields.Words, phrase);
            found.Boost = Ranking.Phrase;
            all.Add(found, Occur.MUST);
        }
        return all;
    }

    /// <summary>The best of the ways in which a word may be there.</summary>
    static DisjunctionMaxQuery OfWord(Word word, bool isOpen)
    {
        var any = new DisjunctionMaxQuery(Ranking.OtherWays)
        {
            new TermQuery(new Term(LuceneFields.Words, word.Form)) { Boost = Ranking.Word },
        };
        foreach (var stem in WordStems.Of(word))
            any.Add(new TermQuery(new Term(LuceneFields.Stems, stem)) { Boost = Ranking.Stem });
        if (!word.IsIdeographic && word.Form.Length >= Ranking.TypoLengthMin)
            any.Add(Constant(
                new FuzzyQuery(new Term(LuceneFields.Words, word.Form), maxEdits: 1), Ranking.Typo));
        if (isOpen && MayBegin(word))
            any.Add(Constant(new PrefixQuery(new Term(LuceneFields.Words, word.Form)), Ranking.Beginning));
        return any;
    }

    /// <summary>Each word as the beginning of one; the best where it is a whole one.</summary>
    static BooleanQuery OfTitle(SearchQuery query)
    {
        var all = new BooleanQuery(disableCoord: true);
        foreach (var word in query.Words)
            all.Add(new BooleanQuery(disableCoord: true)
            {
                { new TermQuery(new Term(LuceneFields.Title, word.Form)), Occur.SHOULD },
                {
                    Constant(new PrefixQuery(new Term(LuceneFields.Title, word.Form)), Ranking.Beginning),
                    Occur.SHOULD
                },
            }, Occur.MUST);
        return all;
    }

    static Query Phrase(string field, IReadOnlyList<Word> words)
    {
        if (words is [var one])
            return new TermQuery(new Term(field, one.Form));
        var phrase = new PhraseQuery();
        foreach (var word in words)
            phrase.Add(new Term(field, word.Form));
        return phrase;
    }

    static bool MayBegin(Word word) => !word.IsIdeographic && word.Form.Length >= Ranking.BeginningLengthMin;

    static ConstantScoreQuery Constant(MultiTermQuery query, float score)
    {
        query.MultiTermRewriteMethod = MultiTermQuery.CONSTANT_SCORE_FILTER_REWRITE;
        return new ConstantScoreQuery(query) { Boost = score * Bm25Scale };
    }
}
