using System.Diagnostics.Metrics;
using Pinfold.Sharding.Telemetry;

namespace Pinfold.Sharding.Following;

/// <summary>
/// What is measured of the followers of this process, from what it knows in memory: no query is made for it.
/// </summary>
sealed class FollowerMetrics : IDisposable
{
    readonly Meter _meter;
    readonly Counter<long> _handled;
    readonly Counter<long> _failed;

    public FollowerMetrics(
        IMeterFactory? factory, Func<IEnumerable<FollowerLane>> lanes, Func<IEnumerable<WaitingFollower>> waiting)
    {
        _meter = factory?.Create(ShardingTelemetry.Name) ?? new Meter(ShardingTelemetry.Name);
        _handled = _meter.CreateCounter<long>("pinfold.follower.handled", "{transaction}",
            "Transactions that a follower has handled.");
        _failed = _meter.CreateCounter<long>("pinfold.follower.failed", "{attempt}",
            "Attempts at which a follower failed.");
        _meter.CreateObservableGauge("pinfold.follower.lag", () => PerFollower(lanes, l => l.Sum(lane => lane.Lag)),
            "{transaction}", "Transactions of this process's shards that a follower has before it.");
        _meter.CreateObservableGauge("pinfold.follower.lag.max", () => PerFollower(lanes, l => l.Max(lane => lane.Lag)),
            "{transaction}", "The same on the one shard where it is farthest behind.");
        _meter.CreateObservableGauge("pinfold.follower.parked", () =>
            PerFollower(lanes, l => l.Sum(lane => lane.ParkedCount)),
            "{transaction}", "Parked entries of this process's shards.");
        _meter.CreateObservableGauge("pinfold.follower.shards", () => PerFollower(lanes, l => l.Count()),
            "{shard}", "Shards on which this process runs a follower.");
        _meter.CreateObservableGauge("pinfold.follower.waiting", () => waiting().GroupBy(w => w.Follower)
            .Select(g => new Measurement<long>(g.LongCount(), new KeyValuePair<string, object?>("follower", g.Key))),
            "{shard}", "Shards that this process leaves to a newer program.");
    }

    public void Handled(string follower, int transactions) =>
        _handled.Add(transactions, new KeyValuePair<string, object?>("follower", follower));

    public void Failed(string follower) => _failed.Add(1, new KeyValuePair<string, object?>("follower", follower));

    public void Dispose() => _meter.Dispose();

    static IEnumerable<Measurement<long>> PerFollower(
        Func<IEnumerable<FollowerLane>> lanes, Func<IEnumerable<FollowerLane>, long> value) =>
        lanes().GroupBy(l => l.Follower).Select(g =>
            new Measurement<long>(value(g), new KeyValuePair<string, object?>("follower", g.Key)));
}
