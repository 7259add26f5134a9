using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Queries;
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
public sealed class SearchQualityTests(SearchEngines engines, ITestOutputHelper output) : IClassFixture<SearchEngines>
{
    /// <summary>Of the questions every so many is asked, where there is no time for all.</summary>
    const int QuestionStep = 4;

    [Theory]
    [InlineData("cranfield")]
    [InlineData("flickr8k")]
    public async Task TheOrderIsAtLeastThatOfStockBm25(string set)
    {
        var found = set == "cranfield" ? JudgedTexts.FindCranfield() : JudgedTexts.FindFlickr();
        Assert.SkipWhen(found is null, "The texts with judgments are not at hand.");
        var texts = found!;
        var questions = texts.Questions.Where((_, at) => Soak.IsOn || at % QuestionStep == 0).ToList();
        var stockLucene = StockBm25.OfLucene(texts);
        var embedded = await AskAllAsync(SearchEngines.Embedded, set, texts, questions);
        var stockEmbedded = questions.Average(q => q.Ndcg(stockLucene(q.Text)));
        output.WriteLine($"{set}, {questions.Count} questions, nDCG@10: Lucene.NET {embedded:F4} "
            + $"(its stock BM25 {stockEmbedded:F4})");
        embedded.ShouldBeGreaterThanOrEqualTo(stockEmbedded);
        if (SolrNode.WhyNotAvailable is not null)
            return;
        var stock = await StockBm25.OfSolrAsync(await TestServers.SolrAsync(), texts);
        var solr = await AskAllAsync(SearchEngines.Alone, set, texts, questions);
        var stockSolr = 0.0;
        foreach (var question in questions)
            stockSolr += question.Ndcg(await stock(question.Text)) / questions.Count;
        output.WriteLine($"{set}, {questions.Count} questions, nDCG@10: Solr {solr:F4} "
            + $"(its stock BM25 {stockSolr:F4})");
        solr.ShouldBeGreaterThanOrEqualTo(stockSolr);
        (Math.Abs(solr - embedded) / Math.Max(solr, embedded)).ShouldBeLessThan(0.02);
    }

    async Task<double> AskAllAsync(
        string engine, string set, JudgedTexts texts, IReadOnlyList<JudgedQuestion> questions)
    {
        var (target, index) = await engines.ServingAsync(engine);
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
                new SearchRequest(Pin.Type, query, default, DateTimeOffset.UnixEpoch)
                {
                    Owner = test.Owner,
                    Limit = 11,
                }, default);
            sum += question.Ndcg(hits.Ids.Select(id => numbers[id]));
        }
        output.WriteLine($"{engine} has {set}.");
        // Other texts in the same index would change how rare its words are.
        await test.WriteAsync([.. numbers.Keys.Select(id => SearchDocument.Gone(id, 2))]);
        return sum / questions.Count;
    }
}
