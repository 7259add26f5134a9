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
    readonly LastKnownGoodCopy? _copy;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly CancellationTokenSource _stop = new();
    readonly CancellationToken _stopped;
    readonly PeriodicTimer _timer;
    readonly Lock _gate = new();
    readonly Task _polling;

    volatile TopologyMap _current;
    volatile string? _problem;
    Task<TopologyMap>? _reading;
    FileStamp _stamp;
    long _readAt;

    FileTopologySource(string path, TopologyMap first, string? problem, LastKnownGoodCopy? copy, TimeProvider time,
        ILogger log)
    {
        _path = path;
        _current = first;
        _problem = problem;
        _copy = copy;
        _time = time;
        _log = log;
        _stopped = _stop.Token;
        _readAt = time.GetTimestamp();
        _timer = new PeriodicTimer(PollPeriod, time);
        _polling = PollAsync();
    }

    /// <inheritdoc/>
    public TopologyMap Current => _current;

    /// <summary>Why the file is not what is in use, for a health check; null when it is.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public event Action<TopologyChange>? Changed;

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
    public ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
                return new(_current);
            if (_reading is not { IsCompleted: false })
            {
                var wait = ReadPeriodMin - _time.GetElapsedTime(_readAt);
                var turn = wait > TimeSpan.Zero ? Task.Delay(wait, _time, _stopped) : Task.CompletedTask;
                _reading = Task.Run(() => ReadAsync(turn));
            }
            return new(_reading.WaitAsync(cancellation));
        }
    }

    /// <summary>Ends the watch, and waits for a reading that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<TopologyMap>? reading;
        lock (_gate)
        {
            if (!_stopped.IsCancellationRequested)
                _stop.Cancel();
            reading = _reading;
        }
        _timer.Dispose();
        await _polling.ConfigureAwait(false);
        if (reading is not null)
            await reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    async Task PollAsync()
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
            if (_problem is not null || !_stamp.ProvesUnchanged(FileStamp.Of(_path, _time)))
                await RefreshAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs one at a time: only <see cref="RefreshAsync"/> starts it, when the one before has ended.</summary>
    async Task<TopologyMap> ReadAsync(Task turn)
    {
        try
        {
            await turn.ConfigureAwait(false);
            _readAt = _time.GetTimestamp();
            _stamp = FileStamp.Of(_path, _time);
            var check = TopologyFile.Read(_path, _current);
            if (!check.IsValid)
                Refuse(check.Describe());
            else if (check.Map.Version == _current.Version)
                Confirm();
            else
                Accept(check.Map);
        }
        catch (PinfoldException unreadable)
        {
            Refuse(unreadable.Message);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Disposed: whoever waits gets the map in use.
        }
        return _current;
    }

    void Refuse(string problem)
    {
        if (_problem != problem)
            TopologyLog.Refused(_log, _current.Version, problem);
        _problem = problem;
    }

    void Confirm()
    {
        if (_problem is not null)
            TopologyLog.RightAgain(_log, _path, _current.Version);
        _problem = null;
    }

    void Accept(TopologyMap next)
    {
        var change = new TopologyChange(_current, next);
        _current = next;
        _problem = null;
        TopologyLog.InUse(_log, next.Version, _path);
        TopologyLog.Raise(Changed, change, _log);
        _copy?.Write(next);
    }
}
