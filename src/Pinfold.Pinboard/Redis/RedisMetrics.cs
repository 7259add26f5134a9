using System.Diagnostics.Metrics;

namespace Pinfold.Pinboard.Redis;

/// <summary>What is measured of Redis: a histogram of round trips, by role and operation.</summary>
sealed class RedisMetrics : IDisposable
{
    public const string MeterName = "Pinfold.Pinboard";

    readonly Meter _meter;
    readonly Histogram<double> _roundTrips;

    public RedisMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _roundTrips = _meter.CreateHistogram<double>(
            "pinfold.redis.duration", "s", "How long Redis took to answer what was asked of it at once.");
    }

    public void RoundTrip(string role, string operation, TimeSpan duration, string? error)
    {
        if (!_roundTrips.Enabled)
            return;
        if (error is null)
            _roundTrips.Record(duration.TotalSeconds, new("role", role), new("operation", operation));
        else
            _roundTrips.Record(
                duration.TotalSeconds, new("role", role), new("operation", operation), new("error", error));
    }

    public void Dispose() => _meter.Dispose();
}
