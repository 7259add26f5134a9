using System.Globalization;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>What a shard has, and how fast that grows.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Server">Where it is.</param>
/// <param name="Rows">About how many rows.</param>
/// <param name="Bytes">About how many bytes.</param>
/// <param name="Writes">Transactions ever.</param>
/// <param name="WritesPerDay">Transactions a day, over the time of which its journal tells, a day at least.</param>
public sealed record ShardWeight(
    ShardId Shard, string Server, long Rows, long Bytes, long Writes, double WritesPerDay);

/// <summary>A server and what its shards have.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Shards">How many.</param>
/// <param name="OpenShards">On how many new owners are placed.</param>
/// <param name="Bytes">About how many bytes they have.</param>
/// <param name="WritesPerDay">Transactions a day.</param>
public sealed record ServerWeight(string Server, int Shards, int OpenShards, long Bytes, double WritesPerDay);

/// <summary>What is proposed to a person.</summary>
/// <param name="Command">What would be typed, after <c>pinfold</c>.</param>
/// <param name="Why">In a sentence.</param>
public sealed record BalanceProposal(string Command, string Why);

/// <summary>How shards lie on servers, and what would be better.</summary>
/// <param name="Servers">As they are.</param>
/// <param name="Shards">The heaviest first.</param>
/// <param name="Proposals">In the order in which they would be done; empty where all is well.</param>
public sealed record BalanceReport(
    IReadOnlyList<ServerWeight> Servers, IReadOnlyList<ShardWeight> Shards, IReadOnlyList<BalanceProposal> Proposals);

/// <summary>
/// Reckons which shards should move so that no server is expected to have much more than others, with as few and as
/// small moves as that takes.
/// </summary>
/// <remarks>
/// A server's weight is what its shards will have in 90 days, if they grow as they did; writes decide where that is
/// alike. Nothing is proposed for a difference that is smaller than the tolerance.
/// </remarks>
static class ShardBalance
{
    /// <summary>So many days ahead servers should be alike.</summary>
    public const double DaysAhead = 90;

    /// <summary>A server may be so much above the mean.</summary>
    public const double Tolerance = 0.1;

    const int MovesMax = 1000;

    public static BalanceReport Reckon(TopologyMap map, IReadOnlyList<ShardWeight> shards)
    {
        // What a write adds: all there is, over all that was written.
        var bytesPerWrite = (double)shards.Sum(shard => shard.Bytes) / Math.Max(1, shards.Sum(shard => shard.Writes));
        var on = map.Servers.ToDictionary(server => server.Name, server => shards.Where(
            shard => shard.Server == server.Name).ToList());
        var moves = Moves(on, Weight);
        var servers = map.Servers.Select(server => Weigh(map, server.Name, shards)).ToList();
        return new BalanceReport(
            servers, [.. shards.OrderByDescending(Weight).ThenBy(shard => shard.Shard)],
            [.. Openings(map, on.ToDictionary(pair => pair.Key, pair => pair.Value.Sum(Weight)), moves.Count > 0),
                .. moves]);

        double Weight(ShardWeight shard) => shard.Bytes + (shard.WritesPerDay * DaysAhead * bytesPerWrite);
    }

    /// <summary>The largest that helps goes from the fullest to the emptiest, until none helps.</summary>
    static List<BalanceProposal> Moves(Dictionary<string, List<ShardWeight>> on, Func<ShardWeight, double> weight)
    {
        var moved = new List<(ShardWeight Shard, string To)>();
        var total = on.ToDictionary(pair => pair.Key, pair => pair.Value.Sum(weight));
        var mean = total.Values.Sum() / total.Count;
        var before = new Dictionary<string, double>(total);
        while (moved.Count < MovesMax && total.Count > 1)
        {
            var fullest = total.MaxBy(pair => pair.Value).Key;
            var emptiest = total.MinBy(pair => pair.Value).Key;
            var room = (total[fullest] - total[emptiest]) / 2;
            if (total[fullest] <= mean * (1 + Tolerance)
                || on[fullest].Where(shard => weight(shard) > 0 && weight(shard) <= room)
                    .OrderByDescending(weight).ThenByDescending(shard => shard.WritesPerDay).FirstOrDefault()
                    is not { } shard)
                break;
            on[fullest].Remove(shard);
            on[emptiest].Add(shard);
            total[fullest] -= weight(shard);
            total[emptiest] += weight(shard);
            moved.Add((shard, emptiest));
        }
        // One that was moved twice goes where it ended; one that is back does not move.
        return [.. moved.GroupBy(move => move.Shard.Shard).Select(group => group.Last())
            .Where(move => move.Shard.Server != move.To).GroupBy(move => (move.Shard.Server, move.To))
            .Select(group => Propose(group.Key.Server, group.Key.To, [.. group.Select(move => move.Shard)]))];

        BalanceProposal Propose(string from, string to, IReadOnlyList<ShardWeight> shards) => new(
            string.Create(CultureInfo.InvariantCulture, $"shard move {ShardRuns.Text(shards.Select(s => s.Shard))
                .Replace(" ", "", StringComparison.Ordinal)} --to {to}"),
            string.Create(CultureInfo.InvariantCulture,
                $"In {DaysAhead:0} days {from} would have {(before[from] / mean * 100) - 100:0} % more than the mean, "
                + $"and {to} {100 - before[to] / mean * 100:0} % less. These {shards.Count} have "
                + $"{Mebibytes(shards.Sum(s => s.Bytes))} MiB and {shards.Sum(s => s.WritesPerDay):0} writes a day."));
    }

    /// <summary>New owners go where there is room.</summary>
    static IEnumerable<BalanceProposal> Openings(
        TopologyMap map, Dictionary<string, double> after, bool isUneven)
    {
        if (!isUneven && map.Servers.All(server => map.ShardsOn(server.Name).Count == 0
            || map.ShardsOn(server.Name).Any(shard => map.Shard(shard).Open)))
            yield break;
        var mean = after.Values.Sum() / after.Count;
        foreach (var server in map.Servers.Where(server => after[server.Name] <= mean))
            if (ShardRuns.Of(map.ShardsOn(server.Name).Where(shard => !map.Shard(shard).Open)) is { Count: > 0 } runs)
                foreach (var (first, last) in runs)
                    yield return new BalanceProposal(
                        $"shard open {first}{(first == last ? "" : $"-{last}")}",
                        $"{server.Name} has room, and no new owner is placed on these shards.");
    }

    static ServerWeight Weigh(TopologyMap map, string server, IReadOnlyList<ShardWeight> shards)
    {
        var its = shards.Where(shard => shard.Server == server).ToList();
        return new ServerWeight(server, its.Count, its.Count(shard => map.Shard(shard.Shard).Open),
            its.Sum(shard => shard.Bytes), its.Sum(shard => shard.WritesPerDay));
    }

    static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);
}
