using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// The map in use, and the looking for a newer one: once a period, and when somebody asks. One look at a time, which
/// those who ask meanwhile share. A newer map is told, and kept as a copy; what is found wrong is said once, and the
/// map in use stays.
/// </summary>
sealed class TopologyWatch : IAsyncDisposable
{
    readonly TopologyWatchOptions _options;
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
    long _readAt;

    /// <param name="first">The map in use.</param>
    /// <param name="problem">Why it is not what the source says; null if it is.</param>
    /// <param name="copy">Where each map in use is kept for the next start; null for nowhere.</param>
    /// <param name="options">Where it looks, and when.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where changes and problems are told.</param>
    public TopologyWatch(TopologyMap first, string? problem, LastKnownGoodCopy? copy, TopologyWatchOptions options,
        TimeProvider time, ILogger log)
    {
        (_current, _problem, _copy, _options, _time, _log) = (first, problem, copy, options, time, log);
        _stopped = _stop.Token;
        var already = options.LooksAtOnce ? options.ReadPeriodMin : TimeSpan.Zero;
        _readAt = time.GetTimestamp() - (long)(already.TotalSeconds * time.TimestampFrequency);
        _timer = new PeriodicTimer(options.PollPeriod, time);
        _polling = PollAsync();
    }

    public TopologyMap Current => _current;

    public string? Problem => _problem;

    public event Action<TopologyChange>? Changed;

    public ValueTask<TopologyMap> RefreshAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
                return new(_current);
            if (_reading is not { IsCompleted: false })
            {
                var wait = _options.ReadPeriodMin - _time.GetElapsedTime(_readAt);
                var turn = wait > TimeSpan.Zero ? Task.Delay(wait, _time, _stopped) : Task.CompletedTask;
                _reading = Task.Run(() => ReadAsync(turn));
            }
            return new(_reading.WaitAsync(cancellation));
        }
    }

    /// <summary>Ends the watch, and waits for a look that is under way.</summary>
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
        await Task.Yield();
        if (_options.LooksAtOnce)
            await RefreshAsync(CancellationToken.None).ConfigureAwait(false);
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
            if (_problem is not null || _options.MayHaveChanged())
                await RefreshAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs one at a time: only <see cref="RefreshAsync"/> starts it, when the one before has ended.</summary>
    async Task<TopologyMap> ReadAsync(Task turn)
    {
        try
        {
            await turn.ConfigureAwait(false);
            _readAt = _time.GetTimestamp();
            var next = await _options.ReadAsync(_current, _stopped).ConfigureAwait(false);
            if (next.Version == _current.Version)
                Confirm();
            else
                Accept(next);
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // Disposed: whoever waits gets the map in use.
        }
        catch (Exception problem)
        {
            // Whatever it was, it is looked again: a process that has stopped looking would go on with this map for
            // ever.
            Refuse(problem.Message);
        }
        return _current;
    }

    void Refuse(string problem)
    {
        if (_problem != problem)
            _options.TellRefused(_log, _current.Version, problem);
        _problem = problem;
    }

    void Confirm()
    {
        if (_problem is not null)
            TopologyLog.RightAgain(_log, _options.Source, _current.Version);
        _problem = null;
    }

    void Accept(TopologyMap next)
    {
        var change = new TopologyChange(_current, next);
        _current = next;
        _problem = null;
        TopologyLog.InUse(_log, next.Version, _options.Source);
        TopologyLog.Raise(Changed, change, _log);
        _copy?.Write(next);
    }
}

/// <summary>Where a watch looks, and when.</summary>
/// <param name="Source">The place, for a person.</param>
/// <param name="PollPeriod">How often it is looked whether there may be a newer map.</param>
/// <param name="ReadPeriodMin">The least time between two looks.</param>
/// <param name="LooksAtOnce">Whether the first look is before the first period is over.</param>
/// <param name="MayHaveChanged">Whether it is worth a look now; it is, too, while there is a problem.</param>
/// <param name="ReadAsync">
/// Gets the map in use; gives the one that is to be in use from now on, or that one. Throws what is wrong.
/// </param>
/// <param name="TellRefused">Logs that it was wrong, with the version that stays in use.</param>
sealed record TopologyWatchOptions(
    string Source, TimeSpan PollPeriod, TimeSpan ReadPeriodMin, bool LooksAtOnce, Func<bool> MayHaveChanged,
    Func<TopologyMap, CancellationToken, ValueTask<TopologyMap>> ReadAsync, Action<ILogger, long, string> TellRefused);
