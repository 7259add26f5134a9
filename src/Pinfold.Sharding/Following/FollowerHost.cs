using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Runs followers over the shards of the topology. Each follower is shared with all other processes that have it: a
/// shard is given to one of them at a time, and taken over when that process is not heard of. An
/// <see cref="IProcessFollower"/> runs in every process instead. The library's own followers (names, cache) come along.
/// </summary>
/// <remarks>
/// Processes may run different sets of followers; each takes part only in what it has. While idle it asks each server
/// about five small questions a second (seven with followers of its own memory), however many shards that has and
/// however many followers there are. See docs/concepts/followers.md.
/// </remarks>
public sealed class FollowerHost : IAsyncDisposable
{
    static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(10);

    readonly ShardedStore _store;
    readonly ConcurrentDictionary<ServerSpec, FollowedServer> _servers = new();
    readonly ConcurrentDictionary<ShardId, FollowedShard> _shards = new();
    readonly CancellationTokenSource _end = new();
    readonly CancellationTokenSource _killed = new();
    readonly FollowerMetrics _metrics;
    readonly NameReaper? _reaper;
    WakeupSender? _sender;
    Task _working = Task.CompletedTask;
    Task _loops = Task.CompletedTask;
    volatile bool _isStopping;
    bool _isStarted;
    bool _isEnded;

    /// <summary>Prepares a host; nothing is asked of any server before <see cref="StartAsync"/>.</summary>
    /// <param name="store">Whose shards are followed.</param>
    /// <param name="followers">The application's; their names must differ.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="log">Null for none.</param>
    /// <param name="meters">Null for a meter of its own.</param>
    /// <param name="workerName">What people call this process in tables and logs; null for machine name and process
    /// id.</param>
    /// <exception cref="PinfoldException">Invalid: a name that is none, or is used twice; a wrong option.</exception>
    public FollowerHost(
        ShardedStore store, IEnumerable<IFollower> followers, FollowerOptions? options = null,
        ILogger<FollowerHost>? log = null,
        IMeterFactory? meters = null, string? workerName = null)
    {
        _store = store;
        Options = (options ?? new FollowerOptions()).Checked();
        Log = log ?? NullLogger<FollowerHost>.Instance;
        WorkerName = workerName
            ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");
        _metrics = new FollowerMetrics(meters, () => _shards.Values.SelectMany(s => s.Lanes), () => Waiting);
        var all = followers.ToList();
        if (store.LocalCache is not null)
            all.Add(new LocalCacheFollower(store));
        else if (store.HasCache)
            all.Add(new CacheFollower(store));
        if (store.Model.Reverses.Count > 0)
            all.Add(new ReverseFollower(store));
        if (store.Model.Names.Count > 0)
        {
            all.Add(new NamesFollower(store));
            _reaper = new NameReaper(store, Options, Log);
        }
        FollowerNames.RefuseWrong(all);
        OfProcess = new ProcessFollowing(store, [.. all.OfType<IProcessFollower>()], Options, _metrics, Log);
        Workers = [.. all.Where(f => f is not IProcessFollower)
            .Select(f => new FollowerWorkers(f, Options, Time, _metrics, Log, _killed.Token))];
        Parked = new ParkedEntries(store);
    }

    /// <summary>Entries that a follower could not handle.</summary>
    public ParkedEntries Parked { get; }

    /// <summary>
    /// What this process has left to a newer program, and that has not taken it yet as far as is known; from memory.
    /// </summary>
    public IReadOnlyList<WaitingFollower> Waiting => [.. _servers.Values.SelectMany(s => s.Leases.Waiting)
        .OrderBy(w => w.Follower, StringComparer.Ordinal).ThenBy(w => w.Shard)];

    internal FollowerOptions Options { get; }

    internal ILogger Log { get; }

    internal string WorkerName { get; }

    internal TimeProvider Time => _store.Time;

    internal IReadOnlyList<FollowerWorkers> Workers { get; }

    internal ProcessFollowing OfProcess { get; }

    internal TopologyMap Map => _store.Topology;

    internal bool IsStopping => _isStopping;

    /// <summary>
    /// Begins to follow, in the background: a server that does not answer is tried again, and is no error here.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (_isStarted)
            throw new InvalidOperationException("This host was started already; make another.");
        _isStarted = true;
        OfProcess.Start();
        _sender = new WakeupSender(_store, Options.WakeupSend, SignalHere, Log);
        _working = Task.WhenAll(Workers.Select(w => w.RunAsync()));
        await MeetServersAsync();
        cancellation.ThrowIfCancellationRequested();
        _loops = Task.WhenAll(LoopAsync(LookPeriod, LookAsync), LoopAsync(Options.Reap, ReapAsync));
    }

    /// <summary>
    /// Stops in good order: what is being handled is finished (what waits in a <see cref="FollowerPause"/> is left to
    /// whoever is next), cursors are written, shards are free for others at once.
    /// Cancellation ends what is being handled; it will be handled again.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (_isEnded)
            return;
        _isStopping = true;
        foreach (var workers in Workers)
            workers.Complete();
        foreach (var shard in _shards.Values)
            shard.CutOff();
        await using (cancellation.Register(_killed.Cancel))
            await _working;
        foreach (var server in _servers.Values)
        {
            try
            {
                using var limit = new CancellationTokenSource(LeaveMax);
                await server.LeaveAsync(limit.Token);
            }
            catch (Exception e) when (e is PinfoldException or OperationCanceledException)
            {
                FollowerLog.LoopFailed(Log, "leaving", server.Spec.Name, e);
            }
        }
        await EndAsync();
    }

    /// <summary>
    /// Ends at once, as a crash would: cursors that are not written stay where they were, so their last transactions
    /// are handled again, and shards are taken over when their lease is over. After <see cref="StopAsync"/> nothing is
    /// left to do.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _killed.CancelAsync();
        foreach (var workers in Workers)
            workers.Complete();
        await EndAsync();
        await _working;
        _metrics.Dispose();
    }

    /// <summary>The shards on which this process runs a follower now, ascending; from memory.</summary>
    /// <exception cref="PinfoldException">NotFound: no follower of this host is called so.</exception>
    public IReadOnlyList<ShardId> FollowedShards(string follower) =>
        Workers.Any(w => w.Name == follower)
            ? [.. _shards.Values.Where(s => s.Find(follower) is { IsLost: false }).Select(s => s.Id).Order()]
            : throw new PinfoldException(ErrorKind.NotFound,
                $"No follower of this process is called {follower}; there are "
                + string.Join(", ", Workers.Select(w => w.Name)) + ".");

    /// <summary>
    /// Waits until every follower of this host has handled (or parked) everything that was committed before this call,
    /// on all shards, whichever process follows them (some process has to). Those of a process's own memory are not
    /// waited for, nor is what waits here for a newer program (<see cref="Waiting"/>).
    /// </summary>
    /// <param name="progress">Told now and then how many transactions are left, over all followers.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">Unavailable: a server did not answer.</exception>
    public Task DrainAsync(IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        DrainAsync([.. Workers.Select(w => w.Name)], progress, cancellation);

    /// <summary>The same for followers that the caller names; this host need not have them.</summary>
    /// <param name="followers">Their names; some process has to run each.</param>
    /// <param name="progress">Told now and then how many transactions are left, over all of them.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: a name that is none. Unavailable: a server did not answer.
    /// </exception>
    public Task DrainAsync(
        IReadOnlyCollection<string> followers, IProgress<long>? progress = null,
        CancellationToken cancellation = default) =>
        new JournalDrain(_store, [.. followers.Select(FollowerNames.Checked)], SignalHere, () => Waiting)
            .RunAsync(progress, cancellation);

    internal FollowedShard? FindShard(ShardId shard) => _shards.GetValueOrDefault(shard);

    internal void Follow(FollowedShard shard) => _shards[shard.Id] = shard;

    internal void Unfollow(FollowedShard shard) => _shards.TryRemove(new(shard.Id, shard));

    internal void Look(FollowedShard shard) =>
        shard.Look(Time.GetTimestamp(), Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>
    /// The shards that the topology has on a server; none if it has another idea of that server by now.
    /// </summary>
    internal HashSet<ShardId> ShardsOf(ServerSpec spec)
    {
        var map = _store.Topology;
        return map.Servers.Contains(spec) ? [.. map.ShardsOn(spec.Name)] : [];
    }

    bool SignalHere(ShardId shard, long seq)
    {
        if (FindShard(shard) is not { } followed)
            return false;
        followed.Signal(seq);
        // Else others follow it too, or soon will: some other process is there, or a lease is over or being given up.
        return followed.Server.Leases.IsAlone && followed.Lanes.Count == Workers.Count
            && followed.Lanes.All(lane => lane.MayHandle);
    }

    async Task LookAsync()
    {
        await MeetServersAsync();
        foreach (var shard in _shards.Values)
            Look(shard);
    }

    Task ReapAsync() => _reaper is null ? Task.CompletedTask
        : _reaper.ReapAsync(FollowedShards(NamesFollower.FollowerName), _end.Token);

    /// <summary>Takes up servers that are new in the topology, and leaves those that are gone from it.</summary>
    async Task MeetServersAsync()
    {
        var specs = _store.Topology.Servers;
        foreach (var spec in specs)
            if (!_servers.ContainsKey(spec))
            {
                try
                {
                    var server = new FollowedServer(this, spec, (await _store.Servers.GetAsync(spec)).Server);
                    _servers[spec] = server;
                    server.Start();
                }
                catch (PinfoldException e)
                {
                    FollowerLog.LoopFailed(Log, "opening", spec.Name, e);
                }
            }
        foreach (var (spec, server) in _servers)
            if (!specs.Contains(spec) && server.Leases.Shards.Count == 0 && _servers.TryRemove(spec, out _))
                await server.EndAsync();
    }

    async Task EndAsync()
    {
        if (_isEnded)
            return;
        _isEnded = true;
        await _end.CancelAsync();
        await _loops;
        await Task.WhenAll(_servers.Values.Select(s => s.EndAsync()));
        await OfProcess.DisposeAsync();
        if (_sender is not null)
            await _sender.DisposeAsync();
    }

    async Task LoopAsync(TimeSpan period, Func<Task> step)
    {
        using var timer = new PeriodicTimer(period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                try
                {
                    await step();
                }
                catch (Exception e) when (!_end.IsCancellationRequested)
                {
                    FollowerLog.LoopFailed(Log, "housekeeping", "(all)", e);
                }
        }
        catch (Exception e) when (_end.IsCancellationRequested)
        {
            FollowerLog.LoopEnded(Log, "housekeeping", "(all)", e);
        }
    }
}
