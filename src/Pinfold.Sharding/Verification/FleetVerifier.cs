using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Compares what shards say with one another, and each with itself, while they are read and written; and puts right
/// what is derived from the rest.
/// </summary>
/// <remarks>
/// What differs is looked at again once followers have passed what was written until then: a difference is only one if
/// it stays. Rows are read in chunks, other ends looked up for a whole chunk in one round trip to each server, so
/// memory does not grow with what there is.
/// </remarks>
public sealed class FleetVerifier
{
    readonly ShardedStore _store;
    readonly ITopologySource _topology;
    readonly FleetOperations _operations;
    readonly Func<ServerSpec, Task<IShardServer>> _open;

    /// <param name="store">Of the shards.</param>
    /// <param name="topology">The map.</param>
    /// <param name="operations">Those whose marks are looked at.</param>
    /// <param name="open">Opens a replica.</param>
    internal FleetVerifier(
        ShardedStore store, ITopologySource topology, FleetOperations operations,
        Func<ServerSpec, Task<IShardServer>> open) =>
        (_store, _topology, _operations, _open) = (store, topology, operations, open);

    /// <summary>Verifies shards, one after the other. It only reads.</summary>
    /// <param name="shards">Which.</param>
    /// <param name="options">How fast, and how long it waits for followers.</param>
    /// <param name="progress">Told how many shards are done.</param>
    /// <param name="cancellation">Ends it; the report has what was found so far.</param>
    /// <returns>What was found. A server that does not answer is a part of it.</returns>
    /// <exception cref="PinfoldException">
    /// Invalid: an option is out of range. NotFound: there is no such shard.
    /// </exception>
    public async Task<FleetReport> VerifyAsync(
        IReadOnlyCollection<ShardId> shards, VerifyOptions options, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (options.RowsPerSecond < 0 || options.LagMax < TimeSpan.Zero || options.FindingsMax < 0)
            throw PinfoldException.Invalid("Limits of a verification are positive, or 0.");
        var ordered = shards.Distinct().Order().ToList();
        foreach (var shard in ordered)
            _topology.Current.Shard(shard);
        var run = new VerifyRun(_store, options);
        var placement = new PlacementCheck(run, _topology, _operations);
        await using var replicas = new ReplicaCheck(run, _open);
        var reports = new List<ShardReport>();
        ShardFindings? findings = null;
        try
        {
            await placement.PrepareAsync(ordered.ToHashSet(), cancellation);
            foreach (var shard in ordered)
            {
                findings = new ShardFindings(
                    shard, _topology.Current.Shard(shard).Server.Name, options.FindingsMax);
                await VerifyAsync(run, placement, replicas, findings, cancellation);
                reports.Add(findings.ToReport());
                findings = null;
                progress?.Report(reports.Count);
            }
            return new FleetReport(reports, IsWhole: true);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new FleetReport(findings is null ? reports : [.. reports, findings.ToReport()], IsWhole: false);
        }
    }

    /// <summary>
    /// Puts right what can be: counts, entries of reverse mappings, old reservations. Each is looked at anew first, and
    /// written by a transaction of its own, which journals have, so that followers and caches hear of it.
    /// </summary>
    /// <param name="report">What was found. Findings that nothing repairs are passed over.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Ends it between two of them.</param>
    public async Task<IReadOnlyList<RepairedFinding>> RepairAsync(
        FleetReport report, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var repairs = new FleetRepair(_store);
        var repaired = new List<RepairedFinding>();
        foreach (var finding in report.Shards.SelectMany(shard => shard.Findings).Where(its => its.CanBeRepaired))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                repaired.Add(new RepairedFinding(finding, await repairs.RepairAsync(finding.Repair!, cancellation)));
            }
            catch (PinfoldException e)
            {
                repaired.Add(new RepairedFinding(finding, e.Message));
            }
            progress?.Report(repaired.Count);
        }
        return repaired;
    }

    static async Task VerifyAsync(
        VerifyRun run, PlacementCheck placement, ReplicaCheck replicas, ShardFindings findings,
        CancellationToken cancellation)
    {
        await TryAsync(VerifyChecks.Epochs, () => placement.RunAsync(findings, cancellation));
        await TryAsync(VerifyChecks.Schema, () => new SchemaCheck(run, findings).RunAsync(cancellation));
        await TryAsync(VerifyChecks.Journal, () => new JournalCheck(run, findings).RunAsync(cancellation));
        await TryAsync(VerifyChecks.Forward, () => new EntryCheck(run, findings).RunAsync(cancellation));
        await TryAsync(VerifyChecks.Replicas, () => replicas.RunAsync(findings, cancellation));
        await TryAsync(VerifyChecks.Names, () => new NameCheck(run, findings).RunAsync(cancellation));

        async Task TryAsync(string check, Func<Task> look)
        {
            try
            {
                await look();
            }
            catch (PinfoldException e)
            {
                findings.NotJudged(check, $"it could not be looked at to its end: {e.Message}",
                    "Verify it again when that is over.");
            }
        }
    }
}
