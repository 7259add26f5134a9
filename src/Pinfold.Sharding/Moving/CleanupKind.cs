using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Moving;

/// <summary>Removes what shards were on the servers that they left.</summary>
sealed class CleanupKind(Func<ServerSpec, Task<IShardServer>> open, ITopologySource topology) : IOperationKind
{
    public const string CleanupName = "cleanup";

    public string Name => CleanupName;

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        var left = step.Read(MoveJson.Default.CleanupChange).Left[step.Step.Number - 1];
        var map = await topology.RefreshAsync(cancellation);
        await using var server = await open(map.GetServer(left.Server));
        var done = 0;
        foreach (var shard in left.Shards.Select(number => new ShardId(number)))
        {
            if (map.Shard(shard).Server.Name == left.Server)
                throw new PinfoldException(ErrorKind.Conflict,
                    $"Shard {shard} is on server {left.Server} by now: nothing of it is removed.")
                { Shard = shard };
            await server.Copies.DropAsync(shard, new MarkHolder(step.Operation, step.Runner), cancellation);
            await step.SaveAsync(++done, left.Shards.Count, "shards", new MovePlaces([], []),
                MoveJson.Default.MovePlaces, cancellation);
        }
    }

    public ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation)
    {
        var left = step.Read(MoveJson.Default.CleanupChange).Left[step.Step.Number - 1];
        return new($"What was removed from {left.Server} is gone: of {ShardRuns.Text(
            left.Shards.Select(number => new ShardId(number)))} nothing may be left there to return to.");
    }
}
