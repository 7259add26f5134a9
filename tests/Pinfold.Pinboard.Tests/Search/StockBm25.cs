using System.Globalization;
using System.Text;
using System.Text.Json;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Pinfold.Testing.Servers;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>
/// What one gets from an engine as it comes: one field of text, its standard analysis, BM25, any of the words.
/// </summary>
static class StockBm25
{
    const LuceneVersion Version = LuceneVersion.LUCENE_48;
    const int Depth = 11;

    public static Func<string, IReadOnlyList<int>> OfLucene(JudgedTexts texts)
    {
        var directory = new RAMDirectory();
        var analyzer = new StandardAnalyzer(Version);
        using (var writer = new IndexWriter(
            directory, new IndexWriterConfig(Version, analyzer) { Similarity = new BM25Similarity() }))
            foreach (var (title, words) in texts.Documents)
                writer.AddDocument([new TextField("text", $"{title}\n{words}", Field.Store.NO)]);
        var searcher = new IndexSearcher(DirectoryReader.Open(directory)) { Similarity = new BM25Similarity() };
        return question =>
        {
            var query = new BooleanQuery();
            using var stream = analyzer.GetTokenStream("text", question);
            var term = stream.GetAttribute<global::Lucene.Net.Analysis.TokenAttributes.ICharTermAttribute>();
            stream.Reset();
            while (stream.IncrementToken())
                query.Add(new TermQuery(new Term("text", term.ToString())), Occur.SHOULD);
            stream.End();
            return [.. searcher.Search(query, Depth).ScoreDocs.Select(hit => hit.Doc + 1)];
        };
    }

    /// <summary>A core beside that of the pinboard, with a field of the type that its configuration comes
    /// with.</summary>
    public static async Task<Func<string, Task<IReadOnlyList<int>>>> OfSolrAsync(SolrNode solr, JudgedTexts texts)
    {
        using var http = new HttpClient();
        var core = $"stock{Random.Shared.Next()}";
        await GetAsync(http, $"{solr.Address}/admin/cores?action=CREATE&name={core}&configSet=pinfold-v1");
        // Cores of one configuration share its fields.
        await PostAsync(http, $"{solr.Address}/{core}/schema", $$$"""
            {"add-field":{"name":"{{{core}}}","type":"text","stored":false}}
            """);
        await PostAsync(http, $"{solr.Address}/{core}/update?commit=true", JsonSerializer.Serialize(
            texts.Documents.Index().Select(d => new Dictionary<string, string>
            {
                ["id"] = $"{d.Index + 1}",
                [core] = $"{d.Item.Title}\n{d.Item.Words}",
            })));
        return async question =>
        {
            using var client = new HttpClient();
            using var answer = await client.PostAsync(
                new Uri($"{solr.Address}/{core}/select"), new FormUrlEncodedContent([
                    new("q", string.Concat(question.Select(c => char.IsLetterOrDigit(c) ? c : ' ')).ToLowerInvariant()),
                    new("df", core), new("q.op", "OR"), new("rows", $"{Depth}"), new("fl", "id"),
                ]));
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
            return [.. json.RootElement.GetProperty("response").GetProperty("docs").EnumerateArray()
                .Select(doc => int.Parse(doc.GetProperty("id").GetString()!, CultureInfo.InvariantCulture))];
        };
    }

    static async Task GetAsync(HttpClient http, string address) =>
        (await http.GetAsync(new Uri(address))).EnsureSuccessStatusCode();

    static async Task PostAsync(HttpClient http, string address, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri(address), content)).EnsureSuccessStatusCode();
    }
}
