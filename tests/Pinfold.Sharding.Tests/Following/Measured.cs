using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>What the library measures for one follower: counters summed up, gauges as they are when asked.</summary>
sealed class Measured : IDisposable
{
    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<string, long> _values = new();

    public Measured(string follower)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ShardingTelemetry.Name
                && instrument.Name.StartsWith("pinfold.follower.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (!tags.Contains(new("follower", follower)))
                return;
            if (instrument is Counter<long>)
                _values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            else
                _values[instrument.Name] = value;
        });
        _listener.Start();
    }

    public long this[string instrument]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _values.GetValueOrDefault(instrument);
        }
    }

    public void Dispose() => _listener.Dispose();
}
