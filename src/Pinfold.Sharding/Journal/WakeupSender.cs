using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Storage;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Journal;

/// <summary>
/// Tells other processes' followers of this one's writes: gathered for 100 ms, then one statement per server. A <see
/// cref="FollowerHost"/> has its own; a process that only writes makes one, or its writes are followed with the next
/// sweep only.
/// </summary>
public sealed class WakeupSender : IAsyncDisposable
{
    static readonly TimeSpan LastSendMax = TimeSpan.FromSeconds(5);

    readonly ShardedStore _store;
    readonly Func<ShardId, long, bool> _signalHere;
    readonly ILogger _log;
    readonly Lock _gate = new();
    readonly PeriodicTimer _timer;
    readonly Task _sending;
    Dictionary<ShardId, long> _pending = [];

    /// <summary>Begins to listen to the store's commits.</summary>
    /// <param name="store">Whose commits; it must outlive this.</param>
    /// <param name="log">Null for none.</param>
    public WakeupSender(ShardedStore store, ILogger<WakeupSender>? log = null)
        : this(store, new FollowerOptions().WakeupSend, static (_, _) => false, log
            ?? NullLogger<WakeupSender>.Instance)
    {
    }

    internal WakeupSender(ShardedStore store, TimeSpan period, Func<ShardId, long, bool> signalHere, ILogger log)
    {
        (_store, _signalHere, _log) = (store, signalHere, log);
        _timer = new PeriodicTimer(period, store.Time);
        _sending = SendAllAsync();
        store.Committed += OnCommitted;
    }

    /// <summary>Sends what is gathered, once, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _store.Committed -= OnCommitted;
        _timer.Dispose();
        await _sending;
        using var limit = new CancellationTokenSource(LastSendMax);
        await SendAsync(limit.Token);
    }

    void OnCommitted(ShardId shard, long seq)
    {
        if (!_signalHere(shard, seq))
            Add(shard, seq);
    }

    void Add(ShardId shard, long seq)
    {
        lock (_gate)
            if (seq > _pending.GetValueOrDefault(shard))
                _pending[shard] = seq;
    }

    async Task SendAllAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            await SendAsync(CancellationToken.None);
    }

    async Task SendAsync(CancellationToken cancellation)
    {
        Dictionary<ShardId, long> sending;
        lock (_gate)
        {
            if (_pending.Count == 0)
                return;
            (sending, _pending) = (_pending, []);
        }
        foreach (var part in _store.Topology.ServersFor(sending.Keys))
        {
            try
            {
                var server = (await _store.Servers.GetAsync(part.Server)).Server;
                await server.Followers.SendWakeupsAsync(
                    [.. part.Shards.Select(s => new Wakeup(WakeupTopic.Commit, s, sending[s]))], cancellation);
            }
            catch (Exception e) when (e is PinfoldException or OperationCanceledException)
            {
                FollowerLog.LoopFailed(_log, "wake-up of other processes", part.Server.Name, e);
                foreach (var shard in part.Shards)
                    Add(shard, sending[shard]);
            }
        }
    }
}
