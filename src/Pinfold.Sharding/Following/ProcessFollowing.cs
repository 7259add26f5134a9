using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Following;

/// <summary>
/// Runs the followers of which every process has its own: twice a second it looks at every shard's journal number, one
/// round trip to a MySQL server, one or two `stat` to a SQLite file; what was written since is read in one more. Each
/// server is looked at by itself, so one that hangs keeps no other waiting.
/// </summary>
sealed class ProcessFollowing(
    ShardedStore store, IReadOnlyList<IProcessFollower> followers, FollowerOptions options, FollowerMetrics metrics,
    ILogger log) : IAsyncDisposable
{
    const int TransactionsPerRead = 500;

    /// <summary>Who is farther behind than this forgets what it knows instead of reading it all.</summary>
    const int BehindMax = 10_000;

    static readonly TimeSpan SilenceAfterFailure = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<ShardId, long> _seen = new();
    readonly List<ProcessLane> _lanes = [.. followers.Select(f => new ProcessLane(f, options, metrics, log))];
    readonly ConcurrentDictionary<ServerSpec, Task> _looking = new();
    readonly CancellationTokenSource _end = new();
    Task _loop = Task.CompletedTask;

    /// <summary>Begins to look, if there is anybody to look for; a second time does nothing.</summary>
    public void Start()
    {
        if (_lanes.Count > 0 && _loop.IsCompleted && !_end.IsCancellationRequested)
            _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        await Task.WhenAll(_looking.Values);
    }

    /// <summary>Looks once, at every server.</summary>
    public Task LookAsync(CancellationToken cancellation) =>
        Task.WhenAll(store.Topology.Servers.Select(server => LookAsync(server, cancellation)));

    async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(options.ProcessLook, store.Time);
        try
        {
            do
            {
                foreach (var server in store.Topology.Servers)
                    if (!_looking.ContainsKey(server))
                        _looking[server] = LoopAsync(server);
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Its end.
        }
    }

    async Task LoopAsync(ServerSpec server)
    {
        using var timer = new PeriodicTimer(options.ProcessLook, store.Time);
        long? saidAt = null;
        try
        {
            do
                try
                {
                    await LookAsync(server, _end.Token);
                    saidAt = null;
                }
                catch (PinfoldException e)
                {
                    if (saidAt is { } at && store.Time.GetElapsedTime(at) < SilenceAfterFailure)
                        continue;
                    saidAt = store.Time.GetTimestamp();
                    FollowerLog.LookFailed(log, server.Name, e.Message);
                }
            while (await timer.WaitForNextTickAsync(_end.Token) && store.Topology.Servers.Contains(server));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Its end.
        }
        _looking.TryRemove(server, out _);
    }

    async Task LookAsync(ServerSpec server, CancellationToken cancellation)
    {
        var shards = store.Topology.Servers.Contains(server) ? store.Topology.ShardsOn(server.Name) : [];
        if (shards.Count == 0)
            return;
        var cursors = (await store.Servers.GetAsync(server)).Server.Cursors;
        var (behind, lost) = (new List<JournalRead>(), new List<ShardId>());
        foreach (var (shard, last) in await cursors.ReadLastSeqsAsync(shards, cancellation))
        {
            // What was learned of a shard before the first look at it may have changed meanwhile.
            if (_seen.TryAdd(shard, last))
                lost.Add(shard);
            var seen = _seen[shard];
            if (last < seen || last - seen > BehindMax)
                Forget(shard, last, lost, "its journal is shorter than it was, or far ahead");
            else if (last > seen)
                behind.Add(new JournalRead(shard, seen, TransactionsPerRead));
        }
        await TellAsync(new List<JournalItem>(), lost, cancellation);
        while (behind.Count > 0)
        {
            await store.Servers.ReadAsync(server, behind, cancellation);
            await TellAsync(behind, cancellation);
            behind = [.. behind.Where(read => read.Rows.Count == read.Limit)
                .Select(read => new JournalRead(read.Shard, read.Rows[^1].Seq, TransactionsPerRead))];
        }
    }

    async Task TellAsync(List<JournalRead> reads, CancellationToken cancellation)
    {
        var (items, lost) = (new List<JournalItem>(), new List<ShardId>());
        foreach (var read in reads)
            foreach (var row in read.Rows)
            {
                var item = JournalItem.Of(read.Shard, row);
                if (item.Error is { } error)
                    Forget(read.Shard, row.Seq, lost, error.Message);
                else if (row.Seq != _seen[read.Shard] + 1)
                    Forget(read.Shard, row.Seq, lost, "some of its journal is gone");
                else
                    items.Add(item);
                _seen[read.Shard] = row.Seq;
            }
        await TellAsync(items, lost, cancellation);
    }

    async Task TellAsync(List<JournalItem> items, List<ShardId> lost, CancellationToken cancellation)
    {
        foreach (var lane in _lanes)
            await lane.TellAsync(items, lost, cancellation);
    }

    void Forget(ShardId shard, long seen, List<ShardId> lost, string why)
    {
        _seen[shard] = seen;
        lost.Add(shard);
        FollowerLog.Forgets(log, string.Join(", ", followers.Select(f => f.Name)), shard.ToString(), why);
    }
}
