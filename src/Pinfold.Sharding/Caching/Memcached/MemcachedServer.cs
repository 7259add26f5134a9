using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>One server of the ring: alive and asked, or dead and tried from time to time.</summary>
/// <remarks>
/// Alive: it has connections, and no invalidation of this process is outstanding.<br/>
/// Not alive: it has none. What is invalidated meanwhile is remembered, and delivered before it is alive again. It is
/// dead when it refused, hung up or was out of the protocol once, when it left a command unanswered, or when it was
/// silent <see cref="SilencesOfTheDead"/> times in a row to who had never reached it.<br/>
/// One that refuses is tried again by each invalidation, so that a server which other processes already use does not
/// keep a value this process has overwritten; one that is silent is only tried in the background, or every write would
/// wait for it.
/// </remarks>
internal sealed class MemcachedServer : IDisposable
{
    const int DeliveryTriesMax = 3;
    const int MissedKeysPerWrite = 512;

    /// <summary>One slow accept is not a death. Each attempt has twice the time of the one before.</summary>
    const int SilencesOfTheDead = 3;

    static readonly TimeSpan ReturnPauseMin = TimeSpan.FromMilliseconds(50);

    readonly Lock _gate = new();
    readonly MemcachedDialer _dialer;
    readonly MemcachedRingOptions _options;
    readonly TimeProvider _time;
    readonly CacheMetrics _metrics;
    readonly ILogger _logger;
    readonly MissedInvalidations _missed;
    readonly ITimer _returnTimer;
    volatile MemcachedConnection[] _connections = [];
    volatile bool _wasTried;
    volatile bool _isSilent;
    bool _isDead;
    int _silences;
    TimeSpan _returnPause = ReturnPauseMin;
    long _aliveSince;
    Task<ReachOutcome>? _attempt;
    bool _isDisposed;
    uint _turn;

    public MemcachedServer(
        MemcachedDialer dialer, MemcachedRingOptions options, TimeProvider time, CacheMetrics metrics, ILogger logger)
    {
        _dialer = dialer;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _missed = new MissedInvalidations(options.MissedInvalidationsMax);
        _returnTimer = time.CreateTimer(
            static server => _ = ((MemcachedServer)server!).TryReturnAsync(out _),
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => _dialer.Name;

    public bool IsAlive => _connections.Length > 0;

    /// <summary>False until the first attempt to connect has ended, either way.</summary>
    public bool WasTried => _wasTried;

    public ServerCounters Counters => _dialer.Counters;

    public MemcachedServerStatus Status
    {
        get
        {
            lock (_gate)
                return new MemcachedServerStatus(Name, IsAlive, _missed.Count, Counters.Writes, Counters.Errors);
        }
    }

    /// <summary>One of the connections, in turn; null when the server is dead.</summary>
    public MemcachedConnection? PickConnection()
    {
        var connections = _connections;
        return connections.Length == 0
            ? null
            : connections[(int)(Interlocked.Increment(ref _turn) % (uint)connections.Length)];
    }

    /// <summary>The connection of that number; null when it is closed, and with it its leases are lost.</summary>
    public MemcachedConnection? FindConnection(uint number)
    {
        foreach (var connection in _connections)
        {
            if (connection.Number == number)
                return connection;
        }
        return null;
    }

    public void CountError()
    {
        Counters.CountError();
        _metrics.CountError(Name);
    }

    /// <summary>
    /// Ends when the server has confirmed that it forgot the keys, or is not alive and they are remembered. Never
    /// fails.
    /// </summary>
    /// <returns>
    /// Whether no process can read the old values from it any more: it confirmed, or it refused after this call began.
    /// False: they are only remembered, in this process.
    /// </returns>
    public async Task<bool> InvalidateAsync(string[] keys)
    {
        for (var tries = 0; !TryRemember(keys, mustDie: tries == DeliveryTriesMax); tries++)
        {
            if (PickConnection() is { } connection && await DeliverAsync(connection, keys).ConfigureAwait(false))
                return true;
        }
        if (_isSilent)
            return false;
        var outcome = await TryReturnAsync(out var wasUnderWay).ConfigureAwait(false);
        // An attempt that began before this call may have been refused before the write: it proves nothing about now.
        if (wasUnderWay && outcome is ReachOutcome.Refused or ReachOutcome.Broken)
            outcome = await TryReturnAsync(out _).ConfigureAwait(false);
        return outcome is ReachOutcome.Alive or ReachOutcome.Refused;
    }

    /// <summary>Connects and delivers what was missed, unless it is alive or such an attempt is under way.</summary>
    public Task<ReachOutcome> TryReturnAsync(out bool wasUnderWay)
    {
        lock (_gate)
        {
            wasUnderWay = _attempt is { IsCompleted: false };
            if (wasUnderWay)
                return _attempt!;
            if (IsAlive || _isDisposed)
                return Task.FromResult(IsAlive ? ReachOutcome.Alive : ReachOutcome.Broken);
            var patience = _options.ConnectTimeout * (1 << Math.Min(_silences, SilencesOfTheDead - 1));
            return _attempt = Task.Run(() => ReturnAsync(patience));
        }
    }

    /// <summary>Called by each connection when it fails. All are dropped: they failed for one reason.</summary>
    public void OnConnectionFailed(MemcachedConnection connection, Exception cause)
    {
        lock (_gate)
        {
            if (_connections.Contains(connection))
                Die(cause);
        }
    }

    public void Dispose()
    {
        MemcachedConnection[] closed;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            closed = _connections;
            _connections = [];
            if (!_missed.IsEmpty)
                MemcachedLog.InvalidationsLost(_logger, Name, _missed.Count);
        }
        _returnTimer.Dispose();
        Close(closed);
    }

    async Task<bool> DeliverAsync(MemcachedConnection connection, string[] keys)
    {
        var batch = keys.Length == 0 ? InvalidationBatch.OfEverything() : new InvalidationBatch(keys);
        var isConfirmed = connection.TrySend(batch, isUrgent: true)
            && await batch.WaitAsync(CancellationToken.None).ConfigureAwait(false) == BatchOutcome.Answered
            && batch.ServerErrors == 0;
        if (isConfirmed)
            _metrics.CountInvalidations(Name, keys.Length);
        else
            connection.Fail(new MetaProtocolException("An invalidation was not confirmed."));
        return isConfirmed;
    }

    /// <summary>False when the server is alive, and so can be told instead, unless it must die.</summary>
    bool TryRemember(string[] keys, bool mustDie)
    {
        lock (_gate)
        {
            if (IsAlive && !mustDie)
                return false;
            Remember(keys);
            if (IsAlive)
                Die(new MetaProtocolException("Invalidations were not confirmed."));
            return true;
        }
    }

    void Remember(string[] keys)
    {
        var wasOverflown = _missed.IsOverflown;
        _missed.Add(keys);
        if (!wasOverflown && _missed.IsOverflown)
            MemcachedLog.ServerWillBeEmptied(_logger, Name, _options.MissedInvalidationsMax);
    }

    /// <summary>Under the lock, and only when alive.</summary>
    void Die(Exception cause)
    {
        var lost = _connections;
        _connections = [];
        _isDead = true;
        _isSilent = cause is TimeoutException;
        // One that dies again and again, or hangs, is not taken back at once each time.
        var wasSteady = _time.GetElapsedTime(_aliveSince) >= _options.ReturnPauseMax;
        if (wasSteady)
            _returnPause = ReturnPauseMin;
        _returnTimer.Change(wasSteady && !_isSilent ? TimeSpan.Zero : NextPause(), Timeout.InfiniteTimeSpan);
        Close(lost);
        CountError();
        MemcachedLog.ServerDied(_logger, Name, cause.Message);
    }

    async Task<ReachOutcome> ReturnAsync(TimeSpan patience)
    {
        MemcachedConnection[]? opened = null;
        try
        {
            opened = await _dialer.OpenAllAsync(patience, OnConnectionFailed).ConfigureAwait(false);
            while (!TryBecomeAlive(opened, out var missed))
            {
                if (missed is null || !await DeliverMissedAsync(opened[0], missed).ConfigureAwait(false))
                    throw NotDelivered(opened[0]);
            }
            MemcachedLog.ServerReturned(_logger, Name);
            return ReachOutcome.Alive;
        }
        catch (Exception cause) when (cause is SocketException or TimeoutException or MetaProtocolException)
        {
            Close(opened ?? []);
            return PauseBeforeReturn(cause);
        }
    }

    /// <summary>False with the missed keys to deliver first, or with null when a connection is already gone.</summary>
    bool TryBecomeAlive(MemcachedConnection[] opened, out string[]? missed)
    {
        lock (_gate)
        {
            missed = null;
            if (_isDisposed || opened.Any(connection => connection.Failure is not null))
                return false;
            if (!_missed.IsEmpty)
            {
                missed = _missed.Take(MissedKeysPerWrite);
                return false;
            }
            _attempt = null;
            _connections = opened;
            _aliveSince = _time.GetTimestamp();
            _wasTried = true;
            (_isDead, _isSilent, _silences) = (false, false, 0);
            return true;
        }
    }

    async Task<bool> DeliverMissedAsync(MemcachedConnection connection, string[] missed)
    {
        if (await DeliverAsync(connection, missed).ConfigureAwait(false))
            return true;
        lock (_gate)
            _missed.PutBack(missed);
        return false;
    }

    static Exception NotDelivered(MemcachedConnection connection)
    {
        const string Message = "It did not take the invalidations that it had missed.";
        return connection.Failure is TimeoutException
            ? new TimeoutException(Message)
            : new MetaProtocolException(Message);
    }

    ReachOutcome PauseBeforeReturn(Exception cause)
    {
        var outcome = cause switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ReachOutcome.Refused,
            TimeoutException => ReachOutcome.Silent,
            _ => ReachOutcome.Broken,
        };
        lock (_gate)
        {
            _attempt = null;
            _wasTried = true;
            _isSilent = outcome == ReachOutcome.Silent;
            _silences = _isSilent ? _silences + 1 : 0;
            if (!_isDead && (!_isSilent || _silences >= SilencesOfTheDead))
            {
                _isDead = true;
                MemcachedLog.ServerDied(_logger, Name, cause.Message);
            }
            if (!_isDisposed)
                _returnTimer.Change(NextPause(), Timeout.InfiniteTimeSpan);
        }
        CountError();
        return outcome;
    }

    /// <summary>Doubles each time, and differs a little, so that processes do not all come at once.</summary>
    TimeSpan NextPause()
    {
        var pause = _returnPause;
        _returnPause = pause * 2 < _options.ReturnPauseMax ? pause * 2 : _options.ReturnPauseMax;
        return pause * (0.75 + Random.Shared.NextDouble() / 4);
    }

    static void Close(MemcachedConnection[] connections)
    {
        foreach (var connection in connections)
            connection.Dispose();
    }
}
