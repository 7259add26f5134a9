using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.Searching;

/// <summary>
/// An index of many pins, embedded and in Solr: how long it takes to fill, to suggest words while somebody types, and
/// to find; how much later than it was pinned a pin is found; and whether a rebuild during writes loses any.
/// </summary>
static class SearchBenchmark
{
    const int PinsPerSecond = 100;

    public static async Task RunAsync(Options options)
    {
        await RunAsync(options, onSolr: false);
        if (SolrNode.WhyNotAvailable is { } why)
            Console.WriteLine($"\nSolr: {why}");
        else
            await RunAsync(options, onSolr: true);
    }

    static async Task RunAsync(Options options, bool onSolr)
    {
        var titles = Captions.Take(options.IsSmoke ? 2000 : 100_000);
        await using var site = new SearchSite();
        await site.StartAsync(onSolr);
        Console.WriteLine($"\n### Search in {titles.Count:N0} pins, {(onSolr ? "Solr" : "Lucene.NET")}\n");
        var watch = Stopwatch.StartNew();
        await site.FillAsync(titles);
        Say("pins made", titles.Count / watch.Elapsed.TotalSeconds, "a second");
        await AwaitAsync(site, titles.Count);
        Say("pins made and indexed", titles.Count / watch.Elapsed.TotalSeconds, "a second");

        var words = titles.SelectMany(t => t.Split(' ')).Where(w => w.Length >= 5 && w.All(char.IsAsciiLetterLower))
            .Distinct().ToList();
        var random = new Random(2);
        var asked = options.IsSmoke ? 100 : 2000;
        await MeasureAsync("suggestions", asked, () =>
        {
            var word = words[random.Next(words.Count)];
            return site.Get<SuggestionReader>().FindAsync(
                new Viewer(site.Reader), word[..random.Next(2, word.Length)], default);
        });
        await MeasureAsync("search, two words", asked, () => FindAsync(
            site, $"{words[random.Next(words.Count)]} {words[random.Next(words.Count)]}"));
        await MeasureAsync("search, a letter wrong", asked, () => FindAsync(
            site, WithTypo(words[random.Next(words.Count)], random)));
        await LagAsync(site, options.IsSmoke ? 2 : 20);
        await RebuildAsync(site);
    }

    static async Task AwaitAsync(SearchSite site, int pins)
    {
        for (var found = 0L; found < pins; await Task.Delay(TimeSpan.FromMilliseconds(100)))
            found = (await site.Get<ISearchEngine>().StatusAsync(default)).Where(i => i.Serves).Sum(i => i.Documents);
    }

    static Task<SearchHits> FindAsync(SearchSite site, string text) => site.Get<ISearchEngine>().Index.FindAsync(
        new SearchRequest(
            Pin.Type, SearchQueryParser.Parse(text), site.Reader, TimeProvider.System.GetUtcNow())
        { Limit = 51 },
        default);

    static string WithTypo(string word, Random random)
    {
        var at = random.Next(1, word.Length);
        return $"{word[..at]}{(char)('a' + random.Next(26))}{word[(at + 1)..]}";
    }

    static async Task MeasureAsync<T>(string what, int times, Func<Task<T>> once)
    {
        for (var warmUp = 0; warmUp < times / 5; warmUp++)
            await once();
        var taken = new List<double>();
        for (var time = 0; time < times; time++)
        {
            var watch = Stopwatch.StartNew();
            await once();
            taken.Add(watch.Elapsed.TotalMilliseconds);
        }
        SayTimes(what, taken);
    }

    /// <summary>
    /// Each pin has a word of its own, that is asked for until that pin is found: others have words that differ from it
    /// by a letter, and are found for it, too.
    /// </summary>
    static async Task LagAsync(SearchSite site, int seconds)
    {
        var lags = new ConcurrentBag<double>();
        var watching = new List<Task>();
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < seconds * PinsPerSecond; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / PinsPerSecond) - watch.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            var word = $"lag{number}word";
            var pin = await site.PinAsync(number, $"A pin with the word {word}");
            if (number % 10 == 0)
                watching.Add(WatchAsync(word, pin));
        }
        Say("pins made meanwhile", seconds * PinsPerSecond / watch.Elapsed.TotalSeconds, "a second");
        await Task.WhenAll(watching);
        SayTimes("from pinned to found", [.. lags]);

        async Task WatchAsync(string word, ObjectId<Pin> pin)
        {
            var since = Stopwatch.StartNew();
            while (!(await FindAsync(site, word)).Ids.Contains(pin))
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            lags.Add(since.Elapsed.TotalMilliseconds);
        }
    }

    static async Task RebuildAsync(SearchSite site)
    {
        using var end = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (; !end.IsCancellationRequested; written++)
            {
                await site.PinAsync(written, $"Written during the rebuild, {written}");
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        });
        var watch = Stopwatch.StartNew();
        await site.Get<IndexRebuild>().RunAsync(new Progress<long>(), default);
        Say("a rebuild", watch.Elapsed.TotalSeconds, "s");
        await end.CancelAsync();
        await writing;
        var last = $"rebuild {written - 1}";
        while ((await FindAsync(site, last)).Ids.Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        await using var target = await site.Get<ISearchEngine>().OpenServingAsync(default);
        var (objects, different) = (0L, 0);
        for (var shard = 0; shard < site.Get<ShardedStore>().Topology.ShardCount; shard++)
        {
            var compared = await site.Get<IndexVerifier>().CompareAsync(target, new ShardId(shard), default);
            (objects, different) = (objects + compared.Objects, different + compared.Differences.Count);
        }
        Say("pins made during it", written, "");
        Say($"of {objects:N0} objects otherwise than in the shards", different, "");
        MismatchException.Unless(different == 0, "the index is not what the shards imply");
    }

    static void Say(string what, double figure, string unit) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"- {what}: {figure:N1} {unit}"));

    static void SayTimes(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        double At(double part) => milliseconds[(int)((milliseconds.Count - 1) * part)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"- {what}: p50 {At(0.5):0.0} ms, p95 {At(0.95):0.0} ms, p99 {At(0.99):0.0} ms"));
    }
}
