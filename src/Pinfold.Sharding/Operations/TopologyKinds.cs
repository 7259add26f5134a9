using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Operations;

/// <summary>Opens or closes shards for new owners.</summary>
sealed class OpenKind(string name) : IOperationKind
{
    public string Name => name;

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation) =>
        await SetAsync(step, isUndone: false, cancellation);

    public async ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation)
    {
        await SetAsync(step, isUndone: true, cancellation);
        return null;
    }

    static async ValueTask SetAsync(StepRun step, bool isUndone, CancellationToken cancellation)
    {
        var change = step.Read(OperationJson.Default.OpenChange);
        var shards = Enumerable.Range(change.First, change.Last - change.First + 1)
            .Select(number => new ShardId(number)).ToHashSet();
        await step.PublishAsync(
            map => map.WithRanges(shards, range => range with { Open = change.IsOpen != isUndone }), cancellation);
    }
}

/// <summary>Adds a server, once it has shown that shards can be on it.</summary>
sealed class AddServerKind(Func<ServerSpec, Task<IShardServer>> open) : IOperationKind
{
    public string Name => "server-add";

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        var change = step.Read(OperationJson.Default.AddChange);
        var spec = TopologyFile.Check(Encoding.UTF8.GetBytes(change.Topology.GetRawText()), "The operation").GetMap()
            .GetServer(change.Name);
        if (step.Step.Name == "publish")
            await step.PublishAsync(map => map.WithServer(spec), cancellation);
        else
        {
            await using var server = await open(spec);
            var facts = await server.Admin.ProbeAsync(cancellation);
            step.Measure("shardsThere", facts.Shards.Count);
        }
    }

    public async ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation)
    {
        var name = step.Read(OperationJson.Default.AddChange).Name;
        if (step.Step.Name == "publish")
            await step.PublishAsync(map => TopologyOperations.Without(map, name), cancellation);
        return null;
    }
}

/// <summary>Takes a server without shards out of the map.</summary>
sealed class RemoveServerKind : IOperationKind
{
    public string Name => "server-remove";

    public async ValueTask RunAsync(StepRun step, CancellationToken cancellation)
    {
        var name = step.Read(OperationJson.Default.RemoveChange).Name;
        await step.PublishAsync(map => TopologyOperations.Without(map, name), cancellation);
    }

    public ValueTask<string?> UndoAsync(StepRun step, CancellationToken cancellation) => new(
        $"Server {step.Read(OperationJson.Default.RemoveChange).Name} may be out of the map: \"pinfold server add\" "
        + "takes it in again.");
}
