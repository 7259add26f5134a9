using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>Opens what a process has its map from. Whoever opens it disposes it.</summary>
public static class TopologySource
{
    /// <summary>The longest that a question to the catalog may take.</summary>
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The topology of a file, which is watched; or, where the file names a catalog, the newest in that, to which the
    /// file only shows the way.
    /// </summary>
    /// <param name="path">The file; <c>docs/reference/topology.md</c> says what is in it.</param>
    /// <param name="lastKnownGoodPath">
    /// A file on a local disk that this process may write: the copy of the last valid map, for a start without file or
    /// catalog. Null for none.
    /// </param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="loggers">Null for none.</param>
    /// <exception cref="PinfoldException">NotFound, Unavailable or Invalid: neither file nor copy can be used. The
    /// message is about the file, and lists every problem.</exception>
    public static ITopologySource Open(string path, string? lastKnownGoodPath = null, TimeProvider? time = null,
        ILoggerFactory? loggers = null) => TopologySources.Open(
            path, lastKnownGoodPath, new ServerFactory(Timeout).OpenAsync, time ?? TimeProvider.System,
            loggers ?? NullLoggerFactory.Instance);

    /// <summary>
    /// The topology of an installation that needs no server, until its catalog, a file beside the shards, has another.
    /// </summary>
    /// <param name="folder">Where the files of the shards are.</param>
    /// <param name="shardCount">How many; for ever, for it is part of the meaning of every id.</param>
    /// <param name="lastKnownGoodPath">As in <see cref="Open"/>.</param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="loggers">Null for none.</param>
    /// <exception cref="PinfoldException">Invalid: the shard count is not 1 to 65,536.</exception>
    public static ITopologySource OpenEmbedded(string folder, int shardCount, string? lastKnownGoodPath = null,
        TimeProvider? time = null, ILoggerFactory? loggers = null) => TopologySources.Open(
            TopologyMap.Embedded(folder, shardCount), lastKnownGoodPath, new ServerFactory(Timeout).OpenAsync,
            time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
}
