using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

/// <summary>
/// This process's share of one server: its leases and cursors, and the loops that keep them: renew leases, ask for
/// wake-ups, write cursors, sweep.
/// </summary>
sealed class FollowedServer
{
    static readonly TimeSpan SilenceAfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How far back wake-ups are asked for again: one that was written by the server's clock before the last question
    /// may have become visible after it.
    /// </summary>
    const long WakeupOverlapMs = 1000;

    /// <summary>
    /// How long the end waits for questions that are under way; to break them off costs a connection each.
    /// </summary>
    static readonly TimeSpan EndMax = TimeSpan.FromSeconds(2);

    readonly FollowerHost _host;
    readonly ServerLeases _leases;
    readonly Dictionary<(WakeupTopic, ShardId), (long Seq, long AtMs)> _known = [];
    readonly CancellationTokenSource _end = new();
    readonly CancellationTokenSource _abort = new();
    Task _loops = Task.CompletedTask;
    long _wakeupsSinceMs;
    long? _sweepSoonAt;
    readonly Lock _saying = new();
    long? _failureSaidAt;

    public FollowedServer(FollowerHost host, ServerSpec spec, IShardServer server)
    {
        (_host, Spec, Server) = (host, spec, server);
        _leases = new ServerLeases(host, this);
        Cursors = new CursorWriter(server, _leases.Lose);
    }

    public ServerSpec Spec { get; }

    /// <summary>
    /// Who this is in the server's tables. A server whose spec has changed is met anew, as somebody else.
    /// </summary>
    public Guid Worker { get; } = Guid.NewGuid();

    public IShardServer Server { get; }

    public CursorWriter Cursors { get; }

    public ServerLeases Leases => _leases;

    public bool IsStopping => _host.IsStopping;

    /// <summary>Whether the leases hold for sure, by this process's own clock since they were asked for.</summary>
    public bool IsHeld => _leases.IsHeld;

    public void Start()
    {
        var options = _host.Options;
        var leasePeriod = options.Renew < options.WakeupPoll ? options.Renew : options.WakeupPoll;
        _loops = Task.WhenAll(
            LoopAsync("lease loop", leasePeriod, _leases.KeepAsync),
            LoopAsync("wake-up loop", options.WakeupPoll, ReadWakeupsAsync),
            LoopAsync("cursor loop", options.CursorWrite, Cursors.WriteAsync),
            LoopAsync("sweep", options.Sweep, SweepAsync));
    }

    /// <summary>
    /// What was committed before others knew that this process follows was told to nobody here: it is looked for once
    /// they must know.
    /// </summary>
    public void SweepSoon() => _sweepSoonAt ??= _host.Time.GetTimestamp();

    /// <summary>After the workers have ended: the last cursors, then the leases are free for others.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        await _leases.EndAsync();
        await Cursors.WriteAsync(cancellation);
        await Server.Coordination.LeaveAsync(Worker, cancellation);
    }

    /// <summary>Ends the loops, whatever they are at.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        _abort.CancelAfter(EndMax);
        await _loops;
        _leases.Dispose();
    }

    /// <summary>
    /// Says why something could not be done here, and whether that was all there is to say: a server that is down fails
    /// each look, of every follower, at every one of its shards. It is said once for all of them, and then once a
    /// minute. False for what is no trouble of the server.
    /// </summary>
    public bool TrySay(Exception cause)
    {
        if (cause is not PinfoldException { Kind: ErrorKind.Unavailable or ErrorKind.DeadlineExceeded })
            return false;
        lock (_saying)
        {
            if (_failureSaidAt is { } at && _host.Time.GetElapsedTime(at) < SilenceAfterFailure)
                return true;
            _failureSaidAt = _host.Time.GetTimestamp();
        }
        var shards = Enumerable.Range(0, _host.Map.ShardCount).Select(i => new ShardId(i))
            .Where(shard => _host.Map.Shard(shard).Server.Name == Spec.Name);
        FollowerLog.ServerFailed(_host.Log, Spec.Name, ShardRuns.Text(shards), cause.Message);
        return true;
    }

    async Task ReadWakeupsAsync(CancellationToken cancellation)
    {
        var since = await Server.Coordination.ReadWakeupsAsync(_wakeupsSinceMs, cancellation);
        foreach (var wakeup in since.Wakeups)
        {
            var (key, value) = ((wakeup.Topic, wakeup.Shard), (wakeup.Seq, wakeup.AtMs));
            if (_known.TryGetValue(key, out var known) && known == value)
                continue;
            if (wakeup.Topic == WakeupTopic.Lease)
                _leases.KeepSoon();
            else if (_host.FindShard(wakeup.Shard) is { } shard && wakeup.Topic == WakeupTopic.Commit)
                shard.Signal(wakeup.Seq);
            else if (_host.FindShard(wakeup.Shard) is { } changed)
                await RefreshParkedAsync(changed, cancellation);
            _known[key] = value;
        }
        _wakeupsSinceMs = since.NowMs - WakeupOverlapMs; // last: what failed on the way is read again
        if (_sweepSoonAt is not { } at || _host.Time.GetElapsedTime(at) < _host.Options.Renew * 2)
            return;
        await SweepAsync(cancellation);
        _sweepSoonAt = null;
    }

    async Task RefreshParkedAsync(FollowedShard shard, CancellationToken cancellation)
    {
        foreach (var lane in shard.Lanes)
            await ParkedRetries.RefreshAsync(lane, cancellation);
        _host.Look(shard);
    }

    async Task SweepAsync(CancellationToken cancellation)
    {
        var shards = _leases.Shards.ToDictionary(s => s.Id);
        if (shards.Count == 0)
            return;
        foreach (var (shard, seq) in await Server.Cursors.ReadLastSeqsAsync([.. shards.Keys.Order()], cancellation))
            shards[shard].Signal(seq);
    }

    async Task LoopAsync(string name, TimeSpan period, Func<CancellationToken, Task> step)
    {
        using var timer = new PeriodicTimer(period, _host.Time);
        var isFirst = name != "sweep"; // a claim has just read what a sweep would
        long? saidAt = null;
        try
        {
            while (isFirst || await timer.WaitForNextTickAsync(_end.Token))
            {
                isFirst = false;
                try
                {
                    await step(_abort.Token);
                    saidAt = null;
                }
                catch (Exception e) when (!_abort.IsCancellationRequested)
                {
                    if (TrySay(e)
                        || (saidAt is { } at && _host.Time.GetElapsedTime(at) < SilenceAfterFailure))
                        continue;
                    saidAt = _host.Time.GetTimestamp();
                    FollowerLog.LoopFailed(_host.Log, name, Spec.Name, e);
                }
            }
        }
        catch (Exception e) when (_end.IsCancellationRequested)
        {
            FollowerLog.LoopEnded(_host.Log, name, Spec.Name, e);
        }
    }
}
