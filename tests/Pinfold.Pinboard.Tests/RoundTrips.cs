using System.Diagnostics.Metrics;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Pinboard.Tests;

/// <summary>Counts the round trips of one pinboard to the servers of its shards.</summary>
sealed class RoundTrips : IDisposable
{
    readonly MeterListener _listener = new();
    int _reads;
    int _commits;
    int _refused;

    public RoundTrips(TestPinboard pinboard)
    {
        var meters = pinboard.Get<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == ShardingTelemetry.Name
                && instrument.Name == "pinfold.round_trip.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (tags.Contains(new("operation", "commit")))
                Interlocked.Increment(ref _commits);
            else
                Interlocked.Increment(ref _reads);
            if (tags.Contains(new("error", "Precondition")))
                Interlocked.Increment(ref _refused);
        });
        _listener.Start();
    }

    public int Reads => Volatile.Read(ref _reads);

    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Commits that were refused because something they rest on had changed.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose() => _listener.Dispose();
}
