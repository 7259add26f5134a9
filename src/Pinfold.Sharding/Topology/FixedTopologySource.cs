using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pinfold.Sharding.Topology;

/// <summary>A topology that is given in code and changes only when code publishes another, in this process.</summary>
public sealed class FixedTopologySource(TopologyMap first, ILogger<FixedTopologySource>? log = null) : ITopologySource
{
    readonly ILogger _log = log ?? NullLogger<FixedTopologySource>.Instance;
    readonly Lock _publishing = new();
    volatile TopologyMap _current = first;

    /// <inheritdoc/>
    public TopologyMap Current => _current;

    /// <inheritdoc/>
    public event Action<TopologyChange>? Changed;

    /// <summary>Returns <see cref="Current"/>: there is nowhere else to look.</summary>
    public ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation) => new(_current);

    /// <summary>Puts a newer map in use, under the rules that hold for a changed file.</summary>
    /// <exception cref="PinfoldException">Invalid: an older version, the same version with other content, or another
    /// shard count or name shard count. Nothing was changed.</exception>
    public void Publish(TopologyMap next)
    {
        lock (_publishing)
        {
            var before = _current;
            string?[] refusals = [
                .. Succession.Refusals(before, next.Version, next.ShardCount, next.NameShardCount, next.Databases)
                    .Select(refusal => refusal.Message),
                Succession.RefuseSameVersion(before, next),
            ];
            if (refusals.FirstOrDefault(refusal => refusal is not null) is { } refusal)
                throw PinfoldException.Invalid($"The topology cannot be published: {refusal}");
            if (next.Version == before.Version)
                return;
            _current = next;
            TopologyLog.Raise(Changed, new TopologyChange(before, next), _log);
        }
    }
}
