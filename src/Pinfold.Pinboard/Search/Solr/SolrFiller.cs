using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>
/// Fills the index that serves from shards that it has nothing of: one that is new, or was lost. What is written to
/// them meanwhile <see cref="SolrFollower"/> writes; which of both is the newer Solr decides.
/// </summary>
sealed partial class SolrFiller(
    ISearchEngine engine, ShardedStore store, TimeProvider time, ILogger<SolrFiller> log) : BackgroundService
{
    const int StepsBetweenSaves = 10;
    static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    readonly ShardFeeder _feeder = new(store);

    /// <summary>Looks once, and fills what is to be filled.</summary>
    public async Task FillAsync(CancellationToken cancellation)
    {
        await using var target = await engine.OpenServingAsync(cancellation);
        var places = new Dictionary<ShardId, FillPlace>(await target.PlacesAsync(cancellation));
        if (places.Values.Count(place => place.IsFilled) >= store.Topology.ShardCount)
            return;
        var steps = 0;
        foreach (var (shard, last) in await _feeder.LastSeqsAsync(cancellation))
            while (!places.TryGetValue(shard, out var place) || !place.IsFilled)
            {
                places[shard] = await _feeder.FillAsync(
                    target, shard, places.TryGetValue(shard, out var begun) ? begun : null, last, cancellation);
                if (++steps % StepsBetweenSaves == 0)
                    await target.SaveAsync(places, cancellation);
            }
        await target.SaveAsync(places, cancellation);
        LogFilled(log, places.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Period, time);
        var isSaid = false;
        try
        {
            do
                try
                {
                    await FillAsync(stoppingToken);
                    isSaid = false;
                }
                catch (PinfoldException e)
                {
                    if (!isSaid)
                        LogTrouble(log, e.Message);
                    isSaid = true;
                }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Its end.
        }
    }

    [LoggerMessage(322, LogLevel.Information, "The search index was filled from {Shards} shards.")]
    static partial void LogFilled(ILogger log, int shards);

    [LoggerMessage(323, LogLevel.Warning, "The search index cannot be looked at: {Problem} It is tried again.")]
    static partial void LogTrouble(ILogger log, string problem);
}
