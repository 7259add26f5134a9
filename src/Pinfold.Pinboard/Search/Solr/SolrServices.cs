using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>The client with which Solr is asked.</summary>
static class SolrServices
{
    static readonly TimeSpan TryMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan AllMax = TimeSpan.FromSeconds(12);

    public static IServiceCollection AddSolr(this IServiceCollection services, IReadOnlyList<SearchServer> servers)
    {
        var client = services.AddHttpClient(SolrHttp.Client, http => http.Timeout = Timeout.InfiniteTimeSpan);
        client.RemoveAllLoggers();
        // Every request may be repeated: who writes says which is the newer. A server that fails is left alone for a
        // while, each by itself.
        client.AddStandardResilienceHandler(resilience =>
        {
            resilience.Retry.MaxRetryAttempts = 1;
            resilience.Retry.Delay = TimeSpan.FromMilliseconds(100);
            resilience.Retry.BackoffType = DelayBackoffType.Constant;
            resilience.AttemptTimeout.Timeout = TryMax;
            resilience.TotalRequestTimeout.Timeout = AllMax;
            resilience.CircuitBreaker.SamplingDuration = 2 * TryMax;
            resilience.CircuitBreaker.MinimumThroughput = 5;
            resilience.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(2);
        }).SelectPipelineByAuthority();
        services.AddSingleton(provider => new SolrHttp(provider.GetRequiredService<IHttpClientFactory>(), servers));
        services.AddSingleton<ISearchEngine, SolrEngine>();
        services.AddSingleton<SolrFiller>();
        return services;
    }
}
