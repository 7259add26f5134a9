using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>A cache over several Memcached servers (1.6 or later), shared by the processes that name them.</summary>
/// <remarks>
/// <para>
/// A key is on two servers at most, whoever asks: its owner, and while the asker finds that one dead, its stand-in. An
/// invalidation goes to both, and completes when each confirmed it or was found dead. So no value that was overwritten
/// is read after <see cref="InvalidateAsync"/> completed: not while servers die, restart empty and return, and not when
/// processes disagree for a while about which are alive.
/// </para>
/// <para>
/// The exception: a server that the writer cannot reach and others can (a broken network, a hang that ends). They may
/// read the old value until the writer reaches the server again and delivers, which it tries every
/// <see cref="MemcachedRingOptions.ReturnPauseMax"/>; if the writer ends before that, until the value expires, which is
/// <see cref="MemcachedRingOptions.TimeToLiveMax"/> at most. The same bound holds while processes name different
/// servers.
/// </para>
/// </remarks>
public sealed class MemcachedRing : ICache
{
    static readonly Task<bool> Delivered = Task.FromResult(true);

    readonly MemcachedRingOptions _options;
    readonly MemcachedServer[] _servers;
    readonly RendezvousHash _hash;
    readonly CacheMetrics _metrics;
    readonly Meter? _ownMeter;
    volatile bool _areTried;

    /// <summary>Names the servers; connects to none before the first call.</summary>
    /// <param name="options">Servers and limits.</param>
    /// <param name="time">The clock for timeouts and pauses; null for the system's.</param>
    /// <param name="meter">Where its figures go; null makes a meter of its own, named Pinfold.Sharding.</param>
    /// <param name="logger">Told when a server dies and returns; null for none.</param>
    /// <exception cref="PinfoldException">Invalid: a server's name or a limit is wrong.</exception>
    public MemcachedRing(
        MemcachedRingOptions options, TimeProvider? time = null, Meter? meter = null,
        ILogger<MemcachedRing>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Checked();
        _ownMeter = meter is null ? new Meter(CacheMetrics.MeterName) : null;
        _metrics = new CacheMetrics(meter ?? _ownMeter!);
        time ??= TimeProvider.System;
        var names = _options.Servers.Select(server => server.ToLowerInvariant()).ToArray();
        var numbers = new ConnectionNumbers();
        _hash = new RendezvousHash(names);
        _servers = [.. names.Select(name => new MemcachedServer(
            new MemcachedDialer(name, _options, time, numbers), _options, time, _metrics,
            logger ?? NullLogger<MemcachedRing>.Instance))];
    }

    /// <summary>How this process sees each server now, in the order of the options. Asks none of them.</summary>
    public IReadOnlyList<MemcachedServerStatus> Status => [.. _servers.Select(server => server.Status)];

    /// <inheritdoc/>
    public ValueTask<CacheRead[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CacheKey.Check(keys);
        return keys.Count == 0 ? ValueTask.FromResult<CacheRead[]>([]) : ReadCheckedAsync(keys, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask FillAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fills);
        for (var i = 0; i < fills.Count; i++)
            CacheKey.Check(fills[i].Key);
        return fills.Count == 0 ? ValueTask.CompletedTask : FillCheckedAsync(fills, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask InvalidateAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
        await TellAsync(keys, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask EnsureInvalidatedAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        var wereSure = await TellAsync(keys, cancellation).ConfigureAwait(false);
        if (Array.IndexOf(wereSure, false) is var at and >= 0)
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Memcached server {_servers[at].Name} does not answer; it may yet hold what was overwritten.");
    }

    /// <summary>Closes all connections; what is under way ends as a miss.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            server.Dispose();
        _ownMeter?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>By server, whether it is rid of the keys for sure; one without any of them is.</summary>
    async Task<bool[]> TellAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        CacheKey.Check(keys);
        var keysOf = new List<string>?[_servers.Length];
        for (var i = 0; i < keys.Count; i++)
        {
            var (owner, standIn) = _hash.Rank(keys[i]);
            (keysOf[owner] ??= []).Add(keys[i]);
            if (standIn >= 0)
                (keysOf[standIn] ??= []).Add(keys[i]);
        }
        var deliveries = new Task<bool>[_servers.Length];
        for (var i = 0; i < _servers.Length; i++)
            deliveries[i] = keysOf[i] is { } some ? _servers[i].InvalidateAsync([.. some]) : Delivered;
        var delivered = Task.WhenAll(deliveries);
        cancellation.ThrowIfCancellationRequested(); // who cancelled before is told so, however fast the servers were
        return await delivered.WaitAsync(cancellation).ConfigureAwait(false);
    }

    async ValueTask<CacheRead[]> ReadCheckedAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_areTried)
            await TryAllOnceAsync(cancellation).ConfigureAwait(false);
        var reads = new CacheRead[keys.Count];
        var batches = new GetBatch?[_servers.Length];
        for (var i = 0; i < reads.Length; i++)
        {
            if (FindServerToAsk(keys[i]) is var server and >= 0)
                (batches[server] ??= new GetBatch(keys, reads, _options.LeaseSeconds)).Add(i);
        }
        for (var i = 0; i < batches.Length; i++)
        {
            if (batches[i] is { } batch && _servers[i].PickConnection()?.TrySend(batch) is not true)
                batch.Complete(BatchOutcome.Failed);
        }
        for (var i = 0; i < batches.Length; i++)
        {
            if (batches[i] is not { } batch)
                continue;
            await WaitAsync(_servers[i], batch, cancellation).ConfigureAwait(false);
            _metrics.CountReads(
                _servers[i].Name, batch.Hits, batch.CommandCount - batch.Hits - batch.Pending, batch.Pending);
        }
        return reads;
    }

    async ValueTask FillCheckedAsync(IReadOnlyList<CacheFill> fills, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var batches = new List<(MemcachedServer Server, MemcachedConnection Connection, FillBatch Batch)>();
        for (var i = 0; i < fills.Count; i++)
            AddToItsBatch(batches, fills[i]);
        foreach (var (_, connection, batch) in batches)
        {
            if (!connection.TrySend(batch))
                batch.Complete(BatchOutcome.Failed);
        }
        foreach (var (server, _, batch) in batches)
            await WaitAsync(server, batch, cancellation).ConfigureAwait(false);
    }

    /// <summary>A fill goes over the connection its lease came from; when that is closed, the lease is lost.</summary>
    void AddToItsBatch(
        List<(MemcachedServer Server, MemcachedConnection Connection, FillBatch Batch)> batches, in CacheFill fill)
    {
        var lease = CacheLease.Unpack(fill.Lease);
        var (owner, standIn) = _hash.Rank(fill.Key);
        var server = _servers[owner];
        var connection = server.FindConnection(lease.Connection);
        var isOwner = connection is not null;
        if (!isOwner && standIn >= 0)
        {
            server = _servers[standIn];
            connection = server.FindConnection(lease.Connection);
        }
        if (connection is null || lease.Cas == 0)
            return;
        var index = batches.FindIndex(other => other.Connection == connection);
        if (index < 0)
        {
            index = batches.Count;
            batches.Add((server, connection, new FillBatch()));
        }
        batches[index].Batch.Add(in fill, SecondsToLive(in fill, isOwner));
    }

    int SecondsToLive(in CacheFill fill, bool isOwner)
    {
        if (fill.Value.Length > _options.ValueBytesMax || fill.TimeToLive <= TimeSpan.Zero)
            return 0;
        var most = _options.TimeToLiveMax;
        if (!isOwner && _options.StandInTimeToLiveMax < most)
            most = _options.StandInTimeToLiveMax;
        return (int)Math.Ceiling((fill.TimeToLive < most ? fill.TimeToLive : most).TotalSeconds);
    }

    static async ValueTask WaitAsync(MemcachedServer server, MetaBatch batch, CancellationToken cancellation)
    {
        var outcome = await batch.WaitAsync(cancellation).ConfigureAwait(false);
        if (outcome == BatchOutcome.Abandoned)
            throw new OperationCanceledException(cancellation);
        if (outcome == BatchOutcome.Failed || batch.ServerErrors > 0)
            server.CountError();
    }

    int FindServerToAsk(string key)
    {
        var (owner, standIn) = _hash.Rank(key);
        return _servers[owner].IsAlive ? owner : standIn >= 0 && _servers[standIn].IsAlive ? standIn : -1;
    }

    async Task TryAllOnceAsync(CancellationToken cancellation)
    {
        var attempts = _servers.Where(server => !server.WasTried).Select(server => server.TryReturnAsync(out _));
        await Task.WhenAll(attempts).WaitAsync(cancellation).ConfigureAwait(false);
        _areTried = true;
    }
}
