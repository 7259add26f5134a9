using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// What every server of the map has of shards: rows that say otherwise than the map, a shard that is open twice, and
/// what operations have left.
/// </summary>
sealed class PlacementCheck(VerifyRun run, ITopologySource topology, FleetOperations operations)
{
    const int LooksMax = 10;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly Dictionary<(string Server, ShardId Shard), ShardMark> _marks = [];
    readonly Dictionary<ShardId, List<string>> _elsewhere = [];
    readonly Dictionary<string, OperationState?> _operations = [];
    readonly List<(string Server, string Why)> _silent = [];

    /// <summary>Asks every server what it has of these shards.</summary>
    public async Task PrepareAsync(IReadOnlySet<ShardId> shards, CancellationToken cancellation)
    {
        foreach (var spec in topology.Current.Servers)
            try
            {
                var server = (await run.Store.Servers.GetAsync(spec)).Server;
                var marks = await server.Copies.ListMarksAsync(cancellation);
                foreach (var mark in marks)
                    _marks[(spec.Name, mark.Shard)] = mark;
                // What has left is listed by its mark alone.
                foreach (var shard in (await server.ListShardsAsync(cancellation)).Union(marks.Select(m => m.Shard)))
                    if (shards.Contains(shard) && topology.Current.Shard(shard).Server != spec)
                    {
                        _elsewhere.TryAdd(shard, []);
                        _elsewhere[shard].Add(spec.Name);
                    }
            }
            catch (PinfoldException e)
            {
                _silent.Add((spec.Name, e.Message));
            }
    }

    public async Task RunAsync(ShardFindings findings, CancellationToken cancellation)
    {
        findings.LookedAt(VerifyChecks.Epochs, 1);
        var place = await CheckRowAsync(findings, cancellation);
        foreach (var server in _elsewhere.GetValueOrDefault(findings.Shard, [])
            .Where(name => name != place.Server.Name))
            await CheckElsewhereAsync(findings, server, cancellation);
        if (_marks.TryGetValue((place.Server.Name, findings.Shard), out var mark))
            await CheckMarkAsync(findings, mark, place.Server.Name, cancellation);
        foreach (var (server, why) in _silent.Where(its => its.Server != place.Server.Name))
            findings.NotJudged(VerifyChecks.Epochs, $"whether server {server} has it open too is not known: {why}",
                "Verify again when it answers.");
    }

    /// <summary>Compares a shard's row with the map, more than once while one of them is changing.</summary>
    async Task<ShardPlacement> CheckRowAsync(ShardFindings findings, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            var place = topology.Current.Shard(findings.Shard);
            var row = new ShardRowRead(findings.Shard);
            var missing = default(string);
            try
            {
                await run.Store.Servers.ReadAsync(place.Server, [row], cancellation);
            }
            catch (MissingShardException e)
            {
                missing = e.Message;
            }
            if (row.Row is { } its && its.Epoch == place.Epoch && its.State == ShardState.Open == place.Open)
                return place;
            if (look == LooksMax)
            {
                if (await IsMovedAsync(findings, place.Server, cancellation))
                    return place;
                findings.Fault(VerifyChecks.Epochs, row.Row is { } other
                    ? $"its row on {place.Server.Name} says epoch {other.Epoch} and {Word(other.State)}, the map epoch "
                        + $"{place.Epoch} and {Word(place.Open ? ShardState.Open : ShardState.Closed)}"
                    : missing ?? $"it has no row on {place.Server.Name}",
                    "See \"pinfold operation list\" for what is under way; \"pinfold shard open\" and \"close\" set "
                    + "both.");
                return place;
            }
            await Task.Delay(Pause, run.Store.Time, cancellation);
            await topology.RefreshAsync(cancellation);
        }
    }

    /// <summary>
    /// Whether an operation that has not ended is at it, which may have begun after the others were asked.
    /// </summary>
    async Task<bool> IsMovedAsync(ShardFindings findings, ServerSpec spec, CancellationToken cancellation)
    {
        var marks = await (await run.Store.Servers.GetAsync(spec)).Server.Copies.ListMarksAsync(cancellation);
        if (marks.FirstOrDefault(mark => mark.Shard == findings.Shard) is not { } mark
            || await FindStateAsync(mark.Operation, cancellation)
                is null or OperationState.Done or OperationState.Cancelled)
            return false;
        findings.NotJudged(VerifyChecks.Epochs, $"{mark.Operation} has it closed on {spec.Name}",
            "Verify again when that is done.");
        return true;
    }

    async Task CheckElsewhereAsync(ShardFindings findings, string name, CancellationToken cancellation)
    {
        if (_marks.TryGetValue((name, findings.Shard), out var mark))
        {
            await CheckMarkAsync(findings, mark, name, cancellation);
            return;
        }
        var there = await ReadRowAsync(findings.Shard, name, cancellation);
        // A move closes the one before it opens the other, and then publishes its map.
        await topology.RefreshAsync(cancellation);
        var place = topology.Current.Shard(findings.Shard).Server.Name;
        if (place == name)
            return;
        if (there is { State: ShardState.Open } open
            && await ReadRowAsync(findings.Shard, place, cancellation) is { State: ShardState.Open })
            findings.Fault(VerifyChecks.Epochs, $"server {name} has it open too, under epoch {open.Epoch}",
                "Close one of them at once: compare both journals, and keep the one that the map has.");
        else if (there is { State: ShardState.Open })
            findings.NotJudged(VerifyChecks.Epochs, $"server {name} has it open, and {place}, where the map has it, "
                + "does not", "Verify again; see \"pinfold operation list\" for a move that has yet to publish its "
                + "map.");
        else
            findings.Note(VerifyChecks.Marks, $"server {name} has something of it, closed, that no operation left",
                "Remove that database once it is known what it is.");
    }

    async Task<ShardRow?> ReadRowAsync(ShardId shard, string server, CancellationToken cancellation)
    {
        var row = new ShardRowRead(shard);
        await run.Store.Servers.ReadAsync(topology.Current.GetServer(server), [row], cancellation);
        return row.Row;
    }

    async Task CheckMarkAsync(
        ShardFindings findings, ShardMark mark, string server, CancellationToken cancellation)
    {
        findings.LookedAt(VerifyChecks.Marks, 1);
        var what = $"on {server} it is marked as {Word(mark.Role)} by {mark.Operation}";
        var state = await FindStateAsync(mark.Operation, cancellation);
        var isLive = state is not (null or OperationState.Done or OperationState.Cancelled);
        if (isLive || mark.Role == ShardMarkRole.Left)
            findings.Note(VerifyChecks.Marks, what, mark.Role == ShardMarkRole.Left
                ? "\"pinfold shard cleanup\" removes what it left behind, once nobody wants it back."
                : $"That operation is {state.ToString()!.ToLowerInvariant()}.");
        else
            findings.Fault(VerifyChecks.Marks, $"{what}, which {(state is null ? "is not known" : "has ended")}",
                $"See \"pinfold operation show {mark.Operation}\"; then remove the mark by SQL.");
    }

    /// <summary>Null for an operation that nobody knows.</summary>
    async Task<OperationState?> FindStateAsync(string operation, CancellationToken cancellation)
    {
        if (_operations.TryGetValue(operation, out var known))
            return known;
        OperationState? state = null;
        try
        {
            state = (await operations.GetAsync(operation, cancellation)).State;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Invalid)
        {
            // Of another catalog, or of none.
        }
        _operations.Add(operation, state);
        return state;
    }

    static string Word(ShardState state) => state == ShardState.Open ? "open" : "closed";

    static string Word(ShardMarkRole role) => role switch
    {
        ShardMarkRole.Arriving => "arriving",
        ShardMarkRole.Leaving => "leaving",
        _ => "having left",
    };
}
