using System.Diagnostics.Metrics;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Benchmarks.OneBoard;

/// <summary>
/// Counts round trips of commits that the shard refused because an object was changed meanwhile, by the library's own
/// metrics. Of writes that went together each that is tried again counts too.
/// </summary>
sealed class RefusedCommits : IDisposable
{
    readonly MeterListener _listener = new();
    long _count;

    public RefusedCommits()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ShardingTelemetry.Name && instrument.Name == "pinfold.round_trip.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (tags.Contains(new("error", "Precondition")))
                Interlocked.Increment(ref _count);
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
