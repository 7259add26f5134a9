using System.Diagnostics.Metrics;

namespace Pinfold.Sharding.Caching;

/// <summary>What a cache reports, each instrument tagged with the server that it concerns.</summary>
internal sealed class CacheMetrics(Meter meter)
{
    public const string MeterName = "Pinfold.Sharding";

    readonly Counter<long> _reads = meter.CreateCounter<long>(
        "pinfold.cache.reads", "{key}", "Keys read, by result: hit, miss or pending.");

    readonly Counter<long> _errors = meter.CreateCounter<long>(
        "pinfold.cache.errors", "{error}", "Failed connections, timeouts, refused commands.");

    readonly Counter<long> _invalidations = meter.CreateCounter<long>(
        "pinfold.cache.invalidations", "{key}", "Keys whose invalidation was confirmed.");

    public void CountReads(string server, int hits, int misses, int pending)
    {
        CountReads(server, "hit", hits);
        CountReads(server, "miss", misses);
        CountReads(server, "pending", pending);
    }

    public void CountError(string server) => _errors.Add(1, new KeyValuePair<string, object?>("server", server));

    public void CountInvalidations(string server, int keys) =>
        _invalidations.Add(keys, new KeyValuePair<string, object?>("server", server));

    void CountReads(string server, string result, int count)
    {
        if (count > 0)
            _reads.Add(count, new("result", result), new KeyValuePair<string, object?>("server", server));
    }
}
