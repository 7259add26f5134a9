using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>One step of a move, for the shards of its group.</summary>
sealed class MoveRun : IAsyncDisposable
{
    /// <summary>Behind the check, each group has these steps.</summary>
    public static readonly IReadOnlyList<(string Name, string Says, string Unit)> GroupSteps =
    [
        ("prepare", "the target has closed shards to copy into, and nothing else of theirs", ""),
        ("copy", "the target has every row, and follows what is written", "rows"),
        ("verify", "every chunk of rows has the same checksum on both servers", "rows"),
        ("switch", "the shards are on the target, under their next epoch; the source keeps what they were, hidden", ""),
    ];

    readonly StepRun _step;
    readonly ITopologySource _topology;
    readonly MoveChange _change;
    readonly IReadOnlyList<MovedShard> _moves;
    readonly IReadOnlyCollection<IShardServer> _servers;
    readonly CopyPace _pace;
    readonly TimeProvider _time;
    readonly MovePlaces _places;
    readonly SemaphoreSlim _saving = new(1);

    MoveRun(StepRun step, ITopologySource topology, MoveChange change, IReadOnlyList<MovedShard> moves,
        IReadOnlyCollection<IShardServer> servers, TimeProvider time)
    {
        (_step, _topology, _change, _moves, _servers, _time) = (step, topology, change, moves, servers, time);
        _pace = new CopyPace(change.RowsPerSecond, time);
        _places = step.Place(MoveJson.Default.MovePlaces) ?? new MovePlaces([], []);
    }

    public static async ValueTask<MoveRun> OpenAsync(
        StepRun step, Func<ServerSpec, Task<IShardServer>> open, ITopologySource topology, TimeProvider time,
        CancellationToken cancellation)
    {
        var change = step.Read(MoveJson.Default.MoveChange);
        var map = await topology.RefreshAsync(cancellation);
        var group = (step.Step.Number - 2) / GroupSteps.Count;
        var shards = step.Step.Number == 1 ? [.. change.Groups.SelectMany(g => g)] : change.Groups[group];
        var servers = new Dictionary<string, IShardServer>();
        try
        {
            foreach (var name in shards.SelectMany(shard => new[] { shard.From, shard.To }).Distinct())
                servers.Add(name, await open(map.GetServer(name)));
        }
        catch (Exception)
        {
            foreach (var server in servers.Values)
                await server.DisposeAsync();
            throw;
        }
        var by = new MarkHolder(step.Operation, step.Runner);
        var moves = shards.Select(shard => new MovedShard(
            new ShardId(shard.Shard), servers[shard.From], servers[shard.To], shard.Epoch, by)).ToList();
        return new MoveRun(step, topology, change, moves, servers.Values, time);
    }

    /// <summary>Of the way there, and of the way back.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellation)
    {
        foreach (var server in _servers)
            await server.Admin.ProbeAsync(cancellation);
    }

    public ValueTask PrepareAsync(CancellationToken cancellation) => OfEachAsync(async (move, token) =>
    {
        if (IsThere(move))
            return;
        await move.Source.Copies.MarkLeavingAsync(move.Shard, move.Epoch, move.By, token);
        if (_change.IsBack)
            await move.Target.Copies.ReviveAsync(move.Shard, move.NextEpoch, move.By, token);
        else
            await move.Target.Copies.MakeAsync(move.Shard, move.NextEpoch, move.By, token);
    }, cancellation);

    public ValueTask CopyAsync(CancellationToken cancellation) => OfEachAsync(async (move, token) =>
    {
        await TakeAsync(move, token);
        var place = _places.Copies.GetValueOrDefault(move.Shard.Value);
        if (place is null && _change.IsBack)
            place = new CopyPlace((await move.ReadTargetRowAsync(token)).LastSeq, null, null, 0);
        await new ShardCopier(move, _pace).CopyAsync(
            place, copied => SaveAsync(() => _places.Copies[move.Shard.Value] = copied, token), token);
    }, cancellation);

    public ValueTask VerifyAsync(CancellationToken cancellation) => OfEachAsync(async (move, token) =>
    {
        await TakeAsync(move, token);
        await new ShardVerifier(move, _pace).VerifyAsync(
            _places.Verified.GetValueOrDefault(move.Shard.Value),
            verified => SaveAsync(() => _places.Verified[move.Shard.Value] = verified, token), token);
    }, cancellation);

    /// <summary>One after the other, so that each waits for itself alone.</summary>
    public async ValueTask SwitchAsync(CancellationToken cancellation)
    {
        var (done, longest) = (0L, 0L);
        foreach (var move in _moves)
        {
            var change = Switch(move);
            if (!IsThere(move))
            {
                await TakeAsync(move, cancellation);
                var verified = _step.PlaceBefore(MoveJson.Default.MovePlaces)!.Verified[move.Shard.Value];
                if (!await change.IsDecidedAsync(cancellation))
                    verified = await new ShardVerifier(move, _pace).SettleAsync(verified, cancellation);
                var begun = _time.GetTimestamp();
                await change.RunAsync(verified, cancellation);
                longest = Math.Max(longest, (long)_time.GetElapsedTime(begun).TotalMilliseconds);
            }
            _step.Measure("longestPauseMs", longest);
            await _step.SaveAsync(
                ++done, _moves.Count, "shards", _places, MoveJson.Default.MovePlaces, cancellation);
        }
    }

    /// <summary>
    /// Before the decision the source is opened again; after it, the move is ended, and can be turned back.
    /// </summary>
    public async ValueTask<string?> UndoSwitchAsync(CancellationToken cancellation)
    {
        var moved = new List<string>();
        foreach (var move in _moves)
        {
            var change = Switch(move);
            await TakeAsync(move, cancellation);
            if (!IsThere(move) && !await change.IsDecidedAsync(cancellation))
            {
                await move.Source.Copies.ReopenAsync(move.Shard, keepsMark: true, move.By, cancellation);
                continue;
            }
            await change.FinishAsync(cancellation);
            moved.Add($"{move.Shard} on {move.Target.Name}");
        }
        return moved.Count == 0 ? null
            : $"These shards had moved already: {string.Join(", ", moved)}. \"pinfold shard move --back\" returns them.";
    }

    public async ValueTask<string?> UndoPrepareAsync(CancellationToken cancellation)
    {
        foreach (var move in _moves.Where(move => !IsThere(move)))
        {
            if (await move.Target.Copies.TakeAsync(move.Shard, move.By, cancellation) is { } mark
                && mark.Operation == move.By.Operation)
            {
                if (_change.IsBack)
                    await move.Target.Copies.LeaveAsync(move.Shard, move.By, cancellation);
                else
                    await move.Target.Copies.DropAsync(move.Shard, move.By, cancellation);
            }
            if (await move.Source.Copies.TakeAsync(move.Shard, move.By, cancellation) is { } its
                && its.Operation == move.By.Operation)
                await move.Source.Copies.ReopenAsync(move.Shard, keepsMark: false, move.By, cancellation);
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _saving.Dispose();
    }

    ShardSwitch Switch(MovedShard move) => new(move, _step.PublishAsync);

    static async ValueTask TakeAsync(MovedShard move, CancellationToken cancellation)
    {
        await move.Source.Copies.TakeAsync(move.Shard, move.By, cancellation);
        await move.Target.Copies.TakeAsync(move.Shard, move.By, cancellation);
    }

    /// <summary>Whether the map has it at the target, as this move brought it there.</summary>
    bool IsThere(MovedShard move) => _topology.Current.Shard(move.Shard) is var place
        && place.Server.Name == move.Target.Name && place.Epoch == move.NextEpoch;

    /// <summary>
    /// All of the group side by side; what fails for one ends the others where they can be gone on with.
    /// </summary>
    async ValueTask OfEachAsync(
        Func<MovedShard, CancellationToken, ValueTask> doAsync, CancellationToken cancellation) =>
        await Parallel.ForEachAsync(_moves, new ParallelOptions
        {
            MaxDegreeOfParallelism = _moves.Count,
            CancellationToken = cancellation,
        }, doAsync);

    async ValueTask SaveAsync(Action change, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation);
        try
        {
            change();
            var done = _step.Step.Name == "copy" ? _places.Copies.Values.Sum(place => place.Rows)
                : _places.Verified.Values.Sum(place => place.Rows);
            await _step.SaveAsync(done, Math.Max(done, _step.Total), "rows", _places, MoveJson.Default.MovePlaces,
                cancellation);
        }
        finally
        {
            _saving.Release();
        }
    }
}
