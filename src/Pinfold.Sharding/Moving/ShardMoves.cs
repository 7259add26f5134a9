using System.Globalization;
using System.Text.Json;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>How shards are moved.</summary>
public sealed record MoveOptions
{
    /// <summary>How many shards are on their way at once, 1 to 64.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>How many rows are copied or compared a second at most, over all of them; 0 for no limit.</summary>
    public int RowsPerSecond { get; init; }
}

/// <summary>What a shard was on a server that it left, as it is there still.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Server">The server that it left.</param>
/// <param name="Operation">The move by which it did.</param>
/// <param name="Epoch">Its epoch there.</param>
/// <param name="LastSeq">Its last journal number there.</param>
public sealed record LeftShard(ShardId Shard, string Server, string Operation, long Epoch, long LastSeq);

/// <summary>
/// Plans for shards that go to other servers while they are read and written: rows are copied in chunks by key, the
/// journal is followed, every chunk is compared by checksum on both servers, then the source is closed by its fence,
/// the rest applied and compared, and the copy opened under the next epoch.
/// </summary>
/// <remarks>
/// Writers wait at the fence for the last part, and go on at the new place; readers look for the map once more. What a
/// shard was stays on the server that it left, hidden, until it is cleaned up; until then it can go back, with all that
/// was written since. Servers may be of different engines.
/// </remarks>
public sealed class ShardMoves
{
    const int AtOnceMax = 64;

    readonly ITopologySource _topology;
    readonly Func<ServerSpec, Task<IShardServer>> _open;

    internal ShardMoves(ITopologySource topology, Func<ServerSpec, Task<IShardServer>> open) =>
        (_topology, _open) = (topology, open);

    /// <summary>Moves shards to a server; those that are there already are left out.</summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such shard or server. Invalid: all are there already, or an option is out of range.
    /// Conflict: the server has something of one of them. Unavailable: a server does not answer.
    /// </exception>
    public async Task<OperationPlan> PlanMoveAsync(
        IReadOnlyCollection<ShardId> shards, string to, MoveOptions options, CancellationToken cancellation = default)
    {
        Check(options);
        var map = await _topology.RefreshAsync(cancellation);
        var target = map.GetServer(to);
        var moved = shards.Distinct().Order().Where(shard => map.Shard(shard).Server.Name != to).ToList();
        if (moved.Count == 0)
            throw PinfoldException.Invalid($"Server {to} has these shards already.");
        await using (var server = await _open(target))
        {
            await server.Admin.ProbeAsync(cancellation);
            var marks = await server.Copies.ListMarksAsync(cancellation);
            if (marks.FirstOrDefault(mark => moved.Contains(mark.Shard)) is { } mark)
                throw MarkErrors.There(mark.Shard, to, (mark.Role, mark.Operation));
            if ((await server.ListShardsAsync(cancellation)).Intersect(moved).ToList() is [var there, ..])
                throw MarkErrors.There(there, to, null);
        }
        return await PlanAsync(map, moved, to, isBack: false, options, cancellation);
    }

    /// <summary>Moves shards back to the server that they left last, with what was written since.</summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such shard, or nothing of one of them is left elsewhere. Invalid: they come from different
    /// servers. Unavailable: a server does not answer.
    /// </exception>
    public async Task<OperationPlan> PlanBackAsync(
        IReadOnlyCollection<ShardId> shards, MoveOptions options, CancellationToken cancellation = default)
    {
        Check(options);
        var map = await _topology.RefreshAsync(cancellation);
        foreach (var shard in shards)
            map.Shard(shard);
        var last = (await ListLeftAsync(cancellation)).GroupBy(left => left.Shard)
            .ToDictionary(group => group.Key, group => group.MaxBy(left => left.Epoch)!);
        var moved = shards.Distinct().Order().ToList();
        if (moved.FindAll(shard => !last.ContainsKey(shard)) is { Count: > 0 } without)
            throw new PinfoldException(ErrorKind.NotFound,
                $"No server has anything of shard {ShardRuns.Text(without)} to return to: it did not move, or was "
                + "cleaned up. \"pinfold shard move --to\" moves it as to any other server.");
        var servers = moved.Select(shard => last[shard].Server).Distinct().ToList();
        if (servers.Count > 1)
            throw PinfoldException.Invalid(
                $"These shards left different servers ({string.Join(", ", servers)}): move those of one at a time.");
        return await PlanAsync(map, moved, servers[0], isBack: true, options, cancellation);
    }

    /// <summary>Removes what shards were on the servers that they left; then there is no way back.</summary>
    /// <exception cref="PinfoldException">
    /// NotFound: nothing of these shards is left anywhere. Unavailable: a server does not answer.
    /// </exception>
    public async Task<OperationPlan> PlanCleanupAsync(
        IReadOnlyCollection<ShardId> shards, CancellationToken cancellation = default)
    {
        var left = (await ListLeftAsync(cancellation)).Where(l => shards.Contains(l.Shard)).ToList();
        if (left.Count == 0)
            throw new PinfoldException(ErrorKind.NotFound, "Nothing of these shards is left on a server they left.");
        var servers = left.GroupBy(l => l.Server)
            .Select(group => new LeftOn(group.Key, [.. group.Select(l => (int)l.Shard.Value).Order()])).ToList();
        return new OperationPlan(
            CleanupKind.CleanupName, $"remove what shards {ShardRuns.Text(left.Select(l => l.Shard))} left behind",
            JsonSerializer.SerializeToElement(new CleanupChange(servers), MoveJson.Default.CleanupChange),
            [.. servers.Select(on => new PlannedStep("remove", on.Server,
                $"nothing of shards {ShardRuns.Text(on.Shards.Select(n => new ShardId(n)))} is on {on.Server}",
                on.Shards.Count, "shards"))],
            [.. left.Select(l => $"shard {l.Shard}").Distinct()], ["There is no way back to what is removed."]);
    }

    /// <summary>What is left of shards on the servers that they left; one round trip to each server.</summary>
    /// <exception cref="PinfoldException">Unavailable: a server does not answer.</exception>
    public async Task<IReadOnlyList<LeftShard>> ListLeftAsync(CancellationToken cancellation = default)
    {
        var left = new List<LeftShard>();
        foreach (var spec in _topology.Current.Servers)
        {
            await using var server = await _open(spec);
            left.AddRange((await server.Copies.ListMarksAsync(cancellation))
                .Where(mark => mark.Role == ShardMarkRole.Left)
                .Select(mark => new LeftShard(mark.Shard, spec.Name, mark.Operation, mark.Epoch, mark.LastSeq)));
        }
        return [.. left.OrderBy(l => l.Shard).ThenBy(l => l.Server, StringComparer.Ordinal)];
    }

    async Task<OperationPlan> PlanAsync(
        TopologyMap map, List<ShardId> shards, string to, bool isBack, MoveOptions options,
        CancellationToken cancellation)
    {
        var sizes = await MeasureAsync(map, shards, cancellation);
        var groups = shards.Chunk(options.AtOnce).ToList();
        var change = new MoveChange(
            to, isBack, options.RowsPerSecond, [.. groups.Select(group => group.Select(From).ToList())]);
        var sources = string.Join(", ", shards.Select(shard => map.Shard(shard).Server.Name).Distinct());
        var steps = new List<PlannedStep>
        {
            new("check", $"{sources}, {to}", "the servers answer, and let this user do what the way there and the way "
                + "back need"),
        };
        foreach (var group in groups)
            steps.AddRange(MoveRun.GroupSteps.Select(step => new PlannedStep(
                step.Name, $"shards {ShardRuns.Text(group)}", step.Says,
                step.Unit.Length == 0 || (isBack && step.Name == "copy") ? 0 : group.Sum(shard => sizes[shard].Rows),
                step.Unit)));
        return new OperationPlan(
            MoveKind.MoveName,
            $"move shards {ShardRuns.Text(shards)} from {sources} {(isBack ? "back " : "")}to {to}",
            JsonSerializer.SerializeToElement(change, MoveJson.Default.MoveChange), steps,
            [.. shards.Select(shard => $"shard {shard}")], Notes(shards, sizes, to, isBack));

        MovedFrom From(ShardId shard)
        {
            var place = map.Shard(shard);
            return new MovedFrom(shard.Value, place.Server.Name, place.Epoch);
        }
    }

    static List<string> Notes(
        List<ShardId> shards, Dictionary<ShardId, ShardSize> sizes, string to, bool isBack) =>
    [
        string.Create(CultureInfo.InvariantCulture,
            $"{shards.Count} shards with about {sizes.Values.Sum(s => s.Rows):N0} rows in {Mebibytes(sizes.Values)} "
            + $"MiB; the largest, shard {sizes.Values.MaxBy(s => s.Bytes).Shard}, has "
            + $"{Mebibytes([sizes.Values.MaxBy(s => s.Bytes)])} MiB."),
        isBack ? $"What is on {to} is brought up to date; only what was written since is copied."
            : $"{to} needs as much room; what the shards were stays where they are now until \"pinfold shard cleanup\".",
        "Writes to a shard wait while the last of it is applied, most often a fraction of a second.",
    ];

    static string Mebibytes(IEnumerable<ShardSize> sizes) =>
        (sizes.Sum(s => s.Bytes) / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);

    async Task<Dictionary<ShardId, ShardSize>> MeasureAsync(
        TopologyMap map, List<ShardId> shards, CancellationToken cancellation)
    {
        var sizes = shards.ToDictionary(shard => shard, shard => new ShardSize(shard, 0, 0));
        foreach (var group in shards.GroupBy(shard => map.Shard(shard).Server))
        {
            await using var server = await _open(group.Key);
            foreach (var size in await server.Copies.MeasureAsync([.. group], cancellation))
                sizes[size.Shard] = size;
        }
        return sizes;
    }

    static void Check(MoveOptions options)
    {
        if (options.AtOnce is < 1 or > AtOnceMax)
            throw PinfoldException.Invalid($"1 to {AtOnceMax} shards can be moved at once, not {options.AtOnce}.");
        if (options.RowsPerSecond < 0)
            throw PinfoldException.Invalid("The limit of rows a second is a positive number, or 0 for none.");
    }
}
