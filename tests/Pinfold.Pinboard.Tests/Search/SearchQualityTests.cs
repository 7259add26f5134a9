using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Lucene;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Solr;
using Pinfold.Sharding;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>
/// How good the order of what is found is, by what people judged: with each engine at least as good as that engine's
/// BM25 as it comes, and with both nearly the same.
/// </summary>
public sealed class SearchQualityTests(ITestOutputHelper output)
{
    const int FoundMax = 11;

    [Fact]
    public async Task TheOrderIsAtLeastThatOfStockBm25()
    {
        var sets = new (string Name, JudgedTexts? Texts)[]
        {
            ("cranfield", JudgedTexts.FindCranfield()), ("flickr8k", JudgedTexts.FindFlickr()),
        };
        Assert.SkipWhen(sets.All(set => set.Texts is null), "The texts with judgments are not at hand.");
        await using var solr = SolrNode.WhyNotAvailable is null ? await SolrNode.StartAsync() : null;
        foreach (var (name, texts) in sets)
            if (texts is not null)
                await JudgeAsync(name, texts, solr);
    }

    async Task JudgeAsync(string set, JudgedTexts texts, SolrNode? solr)
    {
        var questions = texts.Questions;
        var stockLucene = StockBm25.OfLucene(texts);
        var embedded = await OfEmbeddedAsync(texts, questions);
        var stockEmbedded = questions.Average(q => q.Ndcg(stockLucene(q.Text)));
        Print(set, questions.Count, "Lucene.NET", embedded, stockEmbedded);
        embedded.ShouldBeGreaterThanOrEqualTo(stockEmbedded, set);
        if (solr is null)
            return;
        var stock = await StockBm25.OfSolrAsync(solr, texts);
        var ofSolr = await OfSolrAsync(solr, texts, questions);
        var stockOfSolr = 0.0;
        foreach (var question in questions)
            stockOfSolr += question.Ndcg(await stock(question.Text)) / questions.Count;
        Print(set, questions.Count, "Solr", ofSolr, stockOfSolr);
        ofSolr.ShouldBeGreaterThanOrEqualTo(stockOfSolr, set);
        (Math.Abs(ofSolr - embedded) / Math.Max(ofSolr, embedded)).ShouldBeLessThan(0.02, set);
    }

    static async Task<double> OfEmbeddedAsync(JudgedTexts texts, IReadOnlyList<JudgedQuestion> questions)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var engine = pinboard.Get<EmbeddedEngine>();
        await engine.OpenAsync();
        return await AskAllAsync(engine.Serving!, engine, texts, questions);
    }

    /// <summary>Into an index with nothing else in it: other texts would change how rare words are.</summary>
    static async Task<double> OfSolrAsync(SolrNode solr, JudgedTexts texts, IReadOnlyList<JudgedQuestion> questions)
    {
        await using var pinboard = await TestPinboard.StartAsync(configure: settings =>
            settings.SearchServers = SolrServer.ParseList(solr.Address, "--search"), replace: SearchEngines.WaitLonger);
        var engine = pinboard.Get<ISearchEngine>();
        await using (var empty = await engine.OpenNextAsync(default))
            await engine.SwapAsync(empty, default);
        await using var target = await engine.OpenServingAsync(default);
        return await AskAllAsync(target, engine.Index, texts, questions);
    }

    static async Task<double> AskAllAsync(
        ISearchTarget target, ISearchIndex index, JudgedTexts texts, IReadOnlyList<JudgedQuestion> questions)
    {
        var test = new ContractTest(target, index, DateTimeOffset.UnixEpoch);
        var numbers = new Dictionary<ObjectId, int>();
        foreach (var part in texts.Documents.Index().Chunk(500))
        {
            var pins = part.Select(d => (d.Index, Pin: test.Pin(d.Item.Title, d.Item.Words) with
            {
                Stems = IndexedText.StemsOf(d.Item.Title, d.Item.Title, d.Item.Words),
            })).ToList();
            foreach (var (at, pin) in pins)
                numbers[pin.Id] = at + 1;
            await test.WriteAsync([.. pins.Select(p => p.Pin)]);
        }
        var sum = 0.0;
        foreach (var question in questions)
        {
            var query = SearchQueryParser.Parse(question.Text.ReplaceLineEndings(" "));
            var hits = await index.FindAsync(
                new SearchRequest(Pin.Type, query, default, DateTimeOffset.UnixEpoch) { Limit = FoundMax }, default);
            sum += question.Ndcg(hits.Ids.Select(id => numbers[id]));
        }
        return sum / questions.Count;
    }

    void Print(string set, int questions, string engine, double ndcg, double stock) => output.WriteLine(
        $"{set}, {questions} questions, nDCG@10: {engine} {ndcg:F4} (its stock BM25 {stock:F4})");
}
