using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>
/// The topology in the catalog, which is asked once a second for its newest version: a change is in use within two
/// seconds, or at once when a write was refused. While the catalog does not answer, the map in use stays; a process
/// starts without it, from its last-known-good copy or from what it was given first.
/// </summary>
/// <remarks>
/// It begins with a map at once, and with the newest as soon as the catalog has answered: a map is a hint, and an old
/// one costs a refused write.
/// </remarks>
sealed class CatalogTopologySource : ITopologySource, IAsyncDisposable
{
    /// <summary>How often the catalog is asked.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two questions.</summary>
    public static readonly TimeSpan ReadPeriodMin = TimeSpan.FromMilliseconds(100);

    readonly CatalogHome _home;
    readonly TopologyWatch _watch;

    /// <param name="first">To begin with; it names the catalog.</param>
    /// <param name="copy">Where each map in use is kept for the next start; null for nowhere.</param>
    /// <param name="open">Opens the server that has the catalog.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where changes and problems are told.</param>
    public CatalogTopologySource(TopologyMap first, LastKnownGoodCopy? copy,
        Func<ServerSpec, Task<IShardServer>> open, TimeProvider time, ILogger log)
    {
        _home = new CatalogHome(open);
        _watch = new TopologyWatch(
            first, problem: null, copy,
            new TopologyWatchOptions("the catalog", PollPeriod, ReadPeriodMin, LooksAtOnce: true, () => true,
                ReadAsync, TopologyLog.CatalogUnusable),
            time, log);
    }

    public TopologyMap Current => _watch.Current;

    /// <summary>Why the catalog's newest is not known to be in use, for a health check; null when it is.</summary>
    public string? Problem => _watch.Problem;

    public event Action<TopologyChange>? Changed
    {
        add => _watch.Changed += value;
        remove => _watch.Changed -= value;
    }

    /// <summary>
    /// Asks now, or when 100 ms have passed since it was last asked; calls meanwhile share that question.
    /// </summary>
    public ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation) => _watch.RefreshAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _home.DisposeAsync();
    }

    async ValueTask<TopologyMap> ReadAsync(TopologyMap current, CancellationToken cancellation)
    {
        var versions = new TopologyVersions(await _home.GetAsync(current, cancellation));
        var newest = await versions.ReadNewestAsync(cancellation);
        if (newest > 0 && newest < current.Version)
            throw new PinfoldException(ErrorKind.Conflict,
                $"The catalog's newest topology is version {newest}, older than version {current.Version}, which is in "
                + "use: was it restored from a backup? \"pinfold topology export\" writes the one in use, and "
                + "\"import\" takes it back.");
        if (newest <= current.Version || await versions.FindAsync(newest, cancellation) is not { Map: { } next })
            return current;
        return Succession.Refusals(current, next.Version, next.ShardCount, next.NameShardCount, next.Databases)
            .Select(refusal => refusal.Message).FirstOrDefault() is { } refused
            ? throw PinfoldException.Invalid(refused) : next;
    }
}
