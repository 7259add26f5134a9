using System.Diagnostics.Metrics;

namespace Pinfold.Sharding.Telemetry;

/// <summary>
/// What is measured, per server: one histogram of round trips, and counters for what an operator asks about.
/// </summary>
sealed class ShardingMetrics : IDisposable
{
    readonly Meter _meter;
    readonly Histogram<double> _roundTrips;
    readonly Histogram<int> _commitSize;
    readonly Counter<long> _takenApart;

    public ShardingMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(ShardingTelemetry.Name) ?? new Meter(ShardingTelemetry.Name);
        _roundTrips = _meter.CreateHistogram<double>(
            "pinfold.round_trip.duration", "s",
                "How long a round trip to a server took, with its wait for a connection.");
        _commitSize =
            _meter.CreateHistogram<int>(
                "pinfold.commit.transactions", "{transaction}", "How many writes were committed together.");
        _takenApart =
            _meter.CreateCounter<long>(
                "pinfold.commit.taken_apart", "{commit}",
                "Commits of several writes that failed and were tried one by one.");
    }

    public void RoundTrip(string server, string operation, TimeSpan duration, string? error)
    {
        if (!_roundTrips.Enabled)
            return;
        if (error is null)
            _roundTrips.Record(duration.TotalSeconds, new("server", server), new("operation", operation));
        else
            _roundTrips.Record(
                duration.TotalSeconds, new("server", server), new("operation", operation), new("error", error));
    }

    public void CommitSize(string server, int transactions)
    {
        if (_commitSize.Enabled)
            _commitSize.Record(transactions, new KeyValuePair<string, object?>("server", server));
    }

    public void CommitTakenApart(string server) =>
        _takenApart.Add(1, new KeyValuePair<string, object?>("server", server));

    public void Dispose() => _meter.Dispose();
}
