using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

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
    readonly Task _looping;
    readonly Dictionary<ShardId, long> _pending = [];
    readonly Dictionary<ServerSpec, Task> _sending = [];
    readonly HashSet<ServerSpec> _failing = [];

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
        _looping = LoopAsync();
        store.Committed += OnCommitted;
    }

    /// <summary>Sends what is gathered, once, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _store.Committed -= OnCommitted;
        _timer.Dispose();
        await _looping;
        await Task.WhenAll(_sending.Values);
        using var limit = new CancellationTokenSource(LastSendMax);
        SendAll(limit.Token);
        await Task.WhenAll(_sending.Values);
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

    async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            SendAll(CancellationToken.None);
    }

    /// <summary>
    /// Begins to send to each server what is gathered for it, unless the last sending is still under way: one that is
    /// down keeps nothing from the others.
    /// </summary>
    void SendAll(CancellationToken cancellation)
    {
        List<ShardId> shards;
        lock (_gate)
            shards = [.. _pending.Keys];
        foreach (var part in _store.Topology.ServersFor(shards))
            if (_sending.GetValueOrDefault(part.Server) is null or { IsCompleted: true })
                _sending[part.Server] = SendAsync(part, cancellation);
        foreach (var (server, sending) in _sending)
            if (sending.IsCompleted)
                _sending.Remove(server);
    }

    async Task SendAsync(ServerShards part, CancellationToken cancellation)
    {
        var sending = Take(part.Shards);
        try
        {
            var server = (await _store.Servers.GetAsync(part.Server)).Server;
            await server.Coordination.SendWakeupsAsync(
                [.. sending.Select(s => new Wakeup(WakeupTopic.Commit, s.Shard, s.Seq))], cancellation);
            lock (_gate)
                _failing.Remove(part.Server);
        }
        catch (Exception e)
        {
            // A server that is down fails ten times a second: it is said once.
            bool isNews;
            lock (_gate)
                isNews = _failing.Add(part.Server);
            if (isNews)
                FollowerLog.LoopFailed(_log, "wake-up of other processes", part.Server.Name, e);
            foreach (var (shard, seq) in sending)
                Add(shard, seq);
        }
    }

    List<(ShardId Shard, long Seq)> Take(IReadOnlyList<ShardId> shards)
    {
        var taken = new List<(ShardId, long)>(shards.Count);
        lock (_gate)
            foreach (var shard in shards)
                if (_pending.Remove(shard, out var seq))
                    taken.Add((shard, seq));
        return taken;
    }
}
