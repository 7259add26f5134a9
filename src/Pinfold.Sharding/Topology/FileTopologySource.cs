using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// The topology in a file that is watched: a change is in use about a second later, or at once when a write was
/// refused. A change that is not valid is logged once, and the map in use stays.
/// </summary>
/// <remarks>
/// The file is looked at once a second rather than through change notifications, which are missing on network file
/// systems and container mounts, and which editors that replace a file by renaming another lose.
/// </remarks>
public sealed class FileTopologySource : ITopologySource, IAsyncDisposable
{
    /// <summary>How often the file is looked at.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two readings of the file.</summary>
    public static readonly TimeSpan ReadPeriodMin = TimeSpan.FromMilliseconds(100);

    readonly string _path;
    readonly TimeProvider _time;
    readonly TopologyWatch _watch;

    FileStamp _stamp;

    FileTopologySource(string path, TopologyMap first, string? problem, LastKnownGoodCopy? copy, TimeProvider time,
        ILogger log)
    {
        (_path, _time) = (path, time);
        _watch = new TopologyWatch(
            first, problem, copy,
            new TopologyWatchOptions(path, PollPeriod, ReadPeriodMin, LooksAtOnce: false,
                () => !_stamp.ProvesUnchanged(FileStamp.Of(_path, _time)), (current, _) => new(Read(current)),
                TopologyLog.Refused),
            time, log);
    }

    /// <inheritdoc/>
    public TopologyMap Current => _watch.Current;

    /// <summary>Why the file is not what is in use, for a health check; null when it is.</summary>
    public string? Problem => _watch.Problem;

    /// <inheritdoc/>
    public event Action<TopologyChange>? Changed
    {
        add => _watch.Changed += value;
        remove => _watch.Changed -= value;
    }

    /// <summary>
    /// Reads the file and begins to watch it. When it is missing, unreadable, not valid, or cannot follow the copy,
    /// the copy is used and a critical message logged.
    /// </summary>
    /// <param name="path">The topology file.</param>
    /// <param name="lastKnownGoodPath">
    /// A file on a local disk that this process may write: the copy of the last valid map, replaced atomically with
    /// each change. Null for none: a process then does not start without a valid file.
    /// </param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="log">Null for none.</param>
    /// <param name="cancellation">Ends the opening, not the watch; <see cref="DisposeAsync"/> ends that.</param>
    /// <exception cref="PinfoldException">NotFound, Unavailable or Invalid: neither file nor copy can be used. The
    /// message is about the file, and lists every problem.</exception>
    public static Task<FileTopologySource> OpenAsync(string path, string? lastKnownGoodPath = null,
        TimeProvider? time = null, ILogger<FileTopologySource>? log = null, CancellationToken cancellation = default) =>
        Task.Run(() => Open(path, lastKnownGoodPath, time, log), cancellation);

    /// <summary>As <see cref="OpenAsync"/>, on the caller's thread: what a container makes, it makes at once.</summary>
    internal static FileTopologySource Open(
        string path, string? lastKnownGoodPath, TimeProvider? time, ILogger<FileTopologySource>? log)
    {
        ILogger logger = log ?? NullLogger<FileTopologySource>.Instance;
        var copy = lastKnownGoodPath is null ? null : new LastKnownGoodCopy(lastKnownGoodPath, logger);
        var lastGood = copy?.Find();
        string? problem = null;
        TopologyMap map;
        try
        {
            map = TopologyFile.Read(path, lastGood).GetMap();
            TopologyLog.InUse(logger, map.Version, path);
            copy?.Write(map);
        }
        catch (PinfoldException cause) when (lastGood is not null)
        {
            map = lastGood;
            problem = cause.Message;
            TopologyLog.LastKnownGoodInUse(logger, map.Version, copy!.Path, problem);
        }
        return new FileTopologySource(path, map, problem, copy, time ?? TimeProvider.System, logger);
    }

    /// <summary>
    /// Reads the file now, or when 100 ms have passed since it was last read; calls meanwhile share that reading.
    /// After disposal it returns the map in use without reading.
    /// </summary>
    public ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation) => _watch.RefreshAsync(cancellation);

    /// <summary>Ends the watch, and waits for a reading that is under way.</summary>
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    TopologyMap Read(TopologyMap current)
    {
        _stamp = FileStamp.Of(_path, _time);
        return TopologyFile.Read(_path, current).GetMap();
    }
}
