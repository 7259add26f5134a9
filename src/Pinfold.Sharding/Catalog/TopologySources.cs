using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Catalog;

/// <summary>
/// A topology file is the source itself, unless it names a catalog: then that is, and the file only says where to
/// begin.
/// </summary>
static class TopologySources
{
    public static ITopologySource Open(string path, string? lastKnownGoodPath,
        Func<ServerSpec, Task<IShardServer>> open, TimeProvider time, ILoggerFactory loggers)
    {
        var copy = Copy(lastKnownGoodPath, loggers);
        var kept = copy?.Find();
        if (FindFirst(path, kept) is not { CatalogServer: not null } first)
            return FileTopologySource.Open(
                path, lastKnownGoodPath, time, loggers.CreateLogger<FileTopologySource>());
        if (kept?.SameContentAs(first) != true)
            copy?.Write(first);
        return new CatalogTopologySource(first, copy, open, time, loggers.CreateLogger<CatalogTopologySource>());
    }

    public static ITopologySource Open(TopologyMap seed, string? lastKnownGoodPath,
        Func<ServerSpec, Task<IShardServer>> open, TimeProvider time, ILoggerFactory loggers)
    {
        var copy = Copy(lastKnownGoodPath, loggers);
        return new CatalogTopologySource(
            Newer(seed, copy?.Find()), copy, open, time, loggers.CreateLogger<CatalogTopologySource>());
    }

    static LastKnownGoodCopy? Copy(string? path, ILoggerFactory loggers) =>
        path is null ? null : new LastKnownGoodCopy(path, loggers.CreateLogger<CatalogTopologySource>());

    /// <summary>
    /// What to begin with. A file that cannot be used is no obstacle while there is a copy that names a catalog.
    /// </summary>
    static TopologyMap? FindFirst(string path, TopologyMap? copy)
    {
        TopologyCheck check;
        try
        {
            check = TopologyFile.Read(path, loaded: null);
        }
        catch (PinfoldException) when (copy?.CatalogServer is not null)
        {
            return copy;
        }
        return check.Map is not { } file ? copy
            : file.CatalogServer is null ? file
            : Newer(file, copy);
    }

    /// <summary>The copy, if it is of the same installation, names a catalog, and is newer.</summary>
    static TopologyMap Newer(TopologyMap seed, TopologyMap? copy) =>
        copy?.CatalogServer is not null && copy.Version > seed.Version
            && !Succession.Refusals(
                seed, copy.Version, copy.ShardCount, copy.NameShardCount, copy.Databases).Any()
            ? copy : seed;
}
