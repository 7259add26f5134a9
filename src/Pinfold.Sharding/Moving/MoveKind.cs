using System.Text.Json.Serialization;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>Moves shards to another server while they are read and written.</summary>
sealed class MoveKind(
    Func<ServerSpec, Task<IShardServer>> open, ITopologySource topology, TimeProvider time) : IOperationKind
{
    public const string MoveName = "move";

    public string Name => MoveName;

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        await using var run = await MoveRun.OpenAsync(step, open, topology, time, cancellation);
        await (step.Step.Name switch
        {
            "check" => run.CheckAsync(cancellation),
            "prepare" => run.PrepareAsync(cancellation),
            "copy" => run.CopyAsync(cancellation),
            "verify" => run.VerifyAsync(cancellation),
            _ => run.SwitchAsync(cancellation),
        });
    }

    public async ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation)
    {
        await using var run = await MoveRun.OpenAsync(step, open, topology, time, cancellation);
        return step.Step.Name switch
        {
            "switch" => await run.UndoSwitchAsync(cancellation),
            "prepare" => await run.UndoPrepareAsync(cancellation),
            _ => null, // what was copied goes with the copy
        };
    }
}

/// <summary>What a move is to do.</summary>
/// <param name="IsBack">Whether the shards go where something of what they were is.</param>
/// <param name="RowsPerSecond">0 for no limit.</param>
/// <param name="Groups">Shards that are on their way at once.</param>
sealed record MoveChange(bool IsBack, int RowsPerSecond, IReadOnlyList<IReadOnlyList<Movement>> Groups);

/// <summary>A shard, where it is before, under which epoch, and where it goes.</summary>
sealed record Movement(int Shard, string From, long Epoch, string To);

/// <summary>Where each shard of a step goes on, by its number.</summary>
sealed record MovePlaces(Dictionary<int, CopyPlace> Copies, Dictionary<int, VerifyPlace> Verified);

/// <summary>What is removed of shards that have left.</summary>
sealed record CleanupChange(IReadOnlyList<LeftOn> Left);

/// <summary>Shards that have left a server.</summary>
sealed record LeftOn(string Server, IReadOnlyList<int> Shards);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MoveChange))]
[JsonSerializable(typeof(MovePlaces))]
[JsonSerializable(typeof(CleanupChange))]
sealed partial class MoveJson : JsonSerializerContext;
