namespace Pinfold.Sharding.Topology;

/// <summary>Where a process has its map from, and learns of a newer one.</summary>
public interface ITopologySource
{
    /// <summary>The map in use; a field read. Take it once for a decision, not once for each shard.</summary>
    TopologyMap Current { get; }

    /// <summary>
    /// Why what the source says now is not known to be in use, for a health check; null when it is.
    /// </summary>
    string? Problem => null;

    /// <summary>
    /// Raised after <see cref="Current"/> has changed, on the thread that found it, one change at a time. Handlers
    /// should be quick; one that throws is logged and does not stop the others.
    /// </summary>
    event Action<TopologyChange>? Changed;

    /// <summary>
    /// Looks for a newer map now, as after a shard has refused a write, and returns the map in use then: the old one
    /// when there is none, or when what was found is not valid. Concurrent calls share one look, and one that follows
    /// another closely waits a little, so a caller that is refused repeatedly may call it each time.
    /// </summary>
    ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation);
}

/// <summary>A map took the place of another.</summary>
public readonly record struct TopologyChange(TopologyMap Before, TopologyMap After);
