using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>The clients with which Solr is asked.</summary>
static class SolrServices
{
    public static IServiceCollection AddSolr(this IServiceCollection services, IReadOnlyList<SearchServer> servers)
    {
        services.TryAddSingleton(new SolrTimeouts());
        AddClient(services, SolrWork.Question, timeouts => timeouts.Question);
        AddClient(services, SolrWork.Write, timeouts => timeouts.Write);
        AddClient(services, SolrWork.Setup, timeouts => timeouts.Setup);
        services.AddSingleton(provider => new SolrHttp(provider.GetRequiredService<IHttpClientFactory>(), servers));
        services.AddSingleton<ISearchEngine, SolrEngine>();
        services.AddSingleton<SolrFiller>();
        return services;
    }

    /// <summary>
    /// Every request may be repeated, since it is known of what is written which is the newer. A server that fails is
    /// left alone for a while, each by itself.
    /// </summary>
    static void AddClient(IServiceCollection services, SolrWork work, Func<SolrTimeouts, TimeSpan> timeoutOf)
    {
        var client = services.AddHttpClient($"{work}", http => http.Timeout = Timeout.InfiniteTimeSpan);
        client.RemoveAllLoggers();
        client.AddStandardResilienceHandler().Configure((resilience, provider) =>
        {
            var timeout = timeoutOf(provider.GetRequiredService<SolrTimeouts>());
            resilience.Retry.MaxRetryAttempts = 1;
            resilience.Retry.Delay = TimeSpan.FromMilliseconds(100);
            resilience.Retry.BackoffType = DelayBackoffType.Constant;
            resilience.AttemptTimeout.Timeout = timeout;
            resilience.TotalRequestTimeout.Timeout = timeout * 2.5;
            resilience.CircuitBreaker.SamplingDuration = timeout * 2;
            resilience.CircuitBreaker.MinimumThroughput = 5;
            resilience.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(2);
        }).SelectPipelineByAuthority();
    }
}
