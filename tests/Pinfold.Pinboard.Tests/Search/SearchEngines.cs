using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Lucene;
using Pinfold.Pinboard.Search.Solr;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>A pinboard with each kind of search index; of Solr as it is alone, and as a cloud of two nodes.</summary>
public sealed class SearchEngines : IAsyncLifetime
{
    public const string Embedded = "Lucene.NET";
    public const string Alone = "Solr";
    public const string Cloud = "SolrCloud";

    readonly ConcurrentDictionary<string, Lazy<Task<TestPinboard>>> _pinboards = new();

    public static TheoryData<string> Names =>
        SolrNode.WhyNotAvailable is null ? [Embedded, Alone, Cloud] : [Embedded];

    internal Task<TestPinboard> PinboardAsync(string engine) =>
        _pinboards.GetOrAdd(engine, _ => new(() => StartAsync(engine))).Value;

    /// <summary>A machine on which all tests run is slow to answer; that is no trouble here.</summary>
    internal static void WaitLonger(IServiceCollection services) => services.AddSingleton(new SolrTimeouts
    {
        Question = TimeSpan.FromMinutes(1),
        Write = TimeSpan.FromMinutes(2),
    });

    static async Task<TestPinboard> StartAsync(string engine)
    {
        string[] addresses = engine switch
        {
            Alone => [(await TestServers.SolrAsync()).Address],
            Cloud => [.. (await TestServers.SolrCloudAsync()).Select(node => node.Address)],
            _ => [],
        };
        var pinboard = await TestPinboard.StartAsync(configure: settings =>
            settings.SearchServers = SolrServer.ParseList(string.Join(',', addresses), "--search"),
            replace: WaitLonger);
        if (engine == Embedded)
            await pinboard.Get<EmbeddedEngine>().OpenAsync();
        return pinboard;
    }

    /// <summary>The index that serves, to be written and asked.</summary>
    internal async Task<(ISearchTarget Target, ISearchIndex Index)> ServingAsync(string engine)
    {
        var pinboard = await PinboardAsync(engine);
        var search = pinboard.Get<ISearchEngine>();
        return (engine == Embedded ? pinboard.Get<EmbeddedEngine>().Serving!
            : await search.OpenServingAsync(default), search.Index);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var pinboard in _pinboards.Values)
            await (await pinboard.Value).DisposeAsync();
    }
}
