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
        var map = await _topology.RefreshAsync(cancellation);
        map.GetServer(to);
        var moved = shards.Distinct().Where(shard => map.Shard(shard).Server.Name != to).ToDictionary(s => s, _ => to);
        return moved.Count == 0
            ? throw PinfoldException.Invalid($"Server {to} has these shards already.")
            : await PlanAwayAsync(map, moved, options, cancellation);
    }

    /// <summary>Moves all shards away from a server, so that each of the others gets about as many bytes.</summary>
    /// <param name="server">The server that is to be empty.</param>
    /// <param name="to">Where its shards go; empty for all other servers.</param>
    /// <param name="options">How they are moved.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such server. Invalid: it has no shards, or there is no other. Otherwise as
    /// <see cref="PlanMoveAsync"/>.
    /// </exception>
    public async Task<OperationPlan> PlanDrainAsync(
        string server, IReadOnlyCollection<string> to, MoveOptions options, CancellationToken cancellation = default)
    {
        var map = await _topology.RefreshAsync(cancellation);
        map.GetServer(server);
        var targets = (to.Count > 0 ? to : map.Servers.Select(other => other.Name)).Where(name => name != server)
            .Distinct().Select(name => map.GetServer(name).Name).ToList();
        if (targets.Count == 0)
            throw PinfoldException.Invalid($"There is no other server for the shards of {server}: add one first.");
        if (map.ShardsOn(server) is not { Count: > 0 } shards)
            throw PinfoldException.Invalid($"Server {server} has no shards: \"pinfold server remove\" takes it out.");
        var sizes = await MeasureAsync(map, [.. Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i))
            .Where(shard => map.Shard(shard).Server.Name is var name && (name == server || targets.Contains(name)))],
            cancellation);
        var filled = targets.ToDictionary(
            name => name, name => map.ShardsOn(name).Sum(shard => sizes[shard].Bytes));
        var moved = new Dictionary<ShardId, string>();
        foreach (var shard in shards.OrderByDescending(shard => sizes[shard].Bytes).ThenBy(shard => shard))
        {
            var emptiest = targets.MinBy(name => filled[name])!;
            filled[emptiest] += sizes[shard].Bytes;
            moved.Add(shard, emptiest);
        }
        return await PlanAwayAsync(map, moved, options, cancellation);
    }

    /// <summary>Moves shards back, each to the server that it left last, with what was written since.</summary>
    /// <exception cref="PinfoldException">
    /// NotFound: there is no such shard, or nothing of one of them is left elsewhere. Unavailable: a server does not
    /// answer.
    /// </exception>
    public async Task<OperationPlan> PlanBackAsync(
        IReadOnlyCollection<ShardId> shards, MoveOptions options, CancellationToken cancellation = default)
    {
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
        return await PlanAsync(
            map, moved.ToDictionary(shard => shard, shard => last[shard].Server), isBack: true, options, cancellation);
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

    async Task<OperationPlan> PlanAwayAsync(
        TopologyMap map, Dictionary<ShardId, string> moved, MoveOptions options, CancellationToken cancellation)
    {
        foreach (var to in moved.GroupBy(move => move.Value, move => move.Key))
        {
            await using var server = await _open(map.GetServer(to.Key));
            await server.Admin.ProbeAsync(cancellation);
            var marks = await server.Copies.ListMarksAsync(cancellation);
            if (marks.FirstOrDefault(mark => to.Contains(mark.Shard)) is { } mark)
                throw MarkErrors.There(mark.Shard, to.Key, (mark.Role, mark.Operation));
            if ((await server.ListShardsAsync(cancellation)).Intersect(to).ToList() is [var there, ..])
                throw MarkErrors.There(there, to.Key, null);
        }
        return await PlanAsync(map, moved, isBack: false, options, cancellation);
    }

    async Task<OperationPlan> PlanAsync(
        TopologyMap map, Dictionary<ShardId, string> moved, bool isBack, MoveOptions options,
        CancellationToken cancellation)
    {
        Check(options);
        var shards = moved.Keys.Order().ToList();
        var sizes = await MeasureAsync(map, shards, cancellation);
        var groups = shards.Chunk(options.AtOnce).ToList();
        var sources = string.Join(", ", shards.Select(shard => map.Shard(shard).Server.Name).Distinct());
        var targets = string.Join(", ", moved.Values.Distinct().Order(StringComparer.Ordinal));
        var steps = new List<PlannedStep>
        {
            new("check", $"{sources}, {targets}", "the servers answer, and let this user do what the way there and the "
                + "way back need"),
        };
        foreach (var group in groups)
            steps.AddRange(MoveRun.GroupSteps.Select(step => new PlannedStep(
                step.Name, $"shards {ShardRuns.Text(group)}", step.Says,
                step.Unit.Length == 0 || (isBack && step.Name == "copy") ? 0 : group.Sum(shard => sizes[shard].Rows),
                step.Unit)));
        return new OperationPlan(
            MoveKind.MoveName,
            $"move shards {ShardRuns.Text(shards)} from {sources} {(isBack ? "back " : "")}to {targets}",
            JsonSerializer.SerializeToElement(
                new MoveChange(isBack, options.RowsPerSecond, [.. groups.Select(group => group.Select(From).ToList())]),
                MoveJson.Default.MoveChange),
            steps, [.. shards.Select(shard => $"shard {shard}")], Notes(moved, sizes, isBack));

        Movement From(ShardId shard)
        {
            var place = map.Shard(shard);
            return new Movement(shard.Value, place.Server.Name, place.Epoch, moved[shard]);
        }
    }

    static List<string> Notes(
        Dictionary<ShardId, string> moved, Dictionary<ShardId, ShardSize> sizes, bool isBack) =>
    [
        .. moved.GroupBy(move => move.Value, move => move.Key).Select(to => string.Create(CultureInfo.InvariantCulture,
            $"To {to.Key}: shards {ShardRuns.Text(to)}, about {to.Sum(shard => sizes[shard].Rows):N0} rows in "
            + $"{Mebibytes(to.Select(shard => sizes[shard]))} MiB.")),
        isBack ? "What is there of them is brought up to date; only what was written since is copied."
            : "What the shards were stays where they are now until \"pinfold shard cleanup\".",
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
