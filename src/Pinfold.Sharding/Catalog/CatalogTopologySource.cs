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

    readonly LastKnownGoodCopy? _copy;
    readonly CatalogHome _home;
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
    long _readAt;

    /// <param name="first">To begin with; it names the catalog.</param>
    /// <param name="copy">Where each map in use is kept for the next start; null for nowhere.</param>
    /// <param name="open">Opens the server that has the catalog.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where changes and problems are told.</param>
    public CatalogTopologySource(TopologyMap first, LastKnownGoodCopy? copy,
        Func<ServerSpec, Task<IShardServer>> open, TimeProvider time, ILogger log)
    {
        _current = first;
        _copy = copy;
        _home = new CatalogHome(open);
        _time = time;
        _log = log;
        _stopped = _stop.Token;
        _readAt = time.GetTimestamp() - (long)(ReadPeriodMin.TotalSeconds * time.TimestampFrequency);
        _timer = new PeriodicTimer(PollPeriod, time);
        _polling = PollAsync();
    }

    public TopologyMap Current => _current;

    /// <summary>Why the catalog's newest is not known to be in use, for a health check; null when it is.</summary>
    public string? Problem => _problem;

    public event Action<TopologyChange>? Changed;

    /// <summary>
    /// Asks now, or when 100 ms have passed since it was last asked; calls meanwhile share that question.
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
        await _polling;
        if (reading is not null)
            await reading;
        await _home.DisposeAsync();
        _stop.Dispose();
    }

    async Task PollAsync()
    {
        await Task.Yield();
        do
            await RefreshAsync(CancellationToken.None);
        while (await _timer.WaitForNextTickAsync());
    }

    /// <summary>Runs one at a time: only <see cref="RefreshAsync"/> starts it, when the one before has ended.</summary>
    async Task<TopologyMap> ReadAsync(Task turn)
    {
        try
        {
            await turn;
            _readAt = _time.GetTimestamp();
            var versions = new TopologyVersions(await _home.GetAsync(_current, _stopped));
            var newest = await versions.ReadNewestAsync(_stopped);
            if (newest > _current.Version)
                Accept((await versions.FindAsync(newest, _stopped))?.Map);
            else if (newest > 0 && newest < _current.Version)
                Refuse($"The catalog's newest topology is version {newest}, older than version {_current.Version}, "
                    + "which is in use: was it restored from a backup? \"pinfold topology export\" writes the one in "
                    + "use, and \"import\" takes it back.");
            else
                Confirm();
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // Disposed: whoever waits gets the map in use.
        }
        catch (Exception problem)
        {
            // Whatever it was, the next question is asked: a process that has stopped asking would go on with this map
            // for ever.
            Refuse(problem.Message);
        }
        return _current;
    }

    void Accept(TopologyMap? next)
    {
        if (next is null)
            return;
        var before = _current;
        if (Succession.Refusals(before, next.Version, next.ShardCount, next.NameShardCount, next.Databases)
            .Select(refusal => refusal.Message).FirstOrDefault() is { } refusal)
        {
            Refuse(refusal);
            return;
        }
        _current = next;
        _problem = null;
        TopologyLog.InUse(_log, next.Version, "the catalog");
        TopologyLog.Raise(Changed, new TopologyChange(before, next), _log);
        _copy?.Write(next);
    }

    void Refuse(string problem)
    {
        if (_problem != problem)
            TopologyLog.CatalogUnusable(_log, _current.Version, problem);
        _problem = problem;
    }

    void Confirm()
    {
        if (_problem is not null)
            TopologyLog.RightAgain(_log, "the catalog", _current.Version);
        _problem = null;
    }
}
