using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Keeps a cache in this process's own memory honest beside other processes (an import on the command line beside the
/// service): it looks at every shard's journal number and invalidates what others changed. A look is one round trip to
/// each MySQL server, and one or two `stat` of each SQLite file; what was written since is read in one more. A ring of
/// Memcached is shared by all and needs none of this.
/// </summary>
sealed partial class LocalCacheService(ShardedStore store, ILogger<LocalCacheService> log) : BackgroundService
{
    /// <summary>How old a cached value can be at most when another process has changed it.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    const int TransactionsPerRead = 500;
    readonly ConcurrentDictionary<ShardId, long> _seen = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.HasCacheOf<MemoryCache>())
            return;
        using var timer = new PeriodicTimer(Period, store.Time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (PinfoldException e)
            {
                LogFailed(log, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Reads what was committed since the last look, on every shard, and invalidates it here. A server that fails does
    /// not keep the others from being looked at.
    /// </summary>
    internal Task LookAsync(CancellationToken cancellation)
    {
        var map = store.Topology;
        var shards = Enumerable.Range(0, map.ShardCount).Select(i => new ShardId(i));
        return Task.WhenAll(map.ServersFor(shards).Select(part => LookAsync(part, cancellation)));
    }

    async Task LookAsync(ServerShards part, CancellationToken cancellation)
    {
        var server = (await store.Servers.GetAsync(part.Server)).Server;
        var behind = new List<JournalRead>();
        foreach (var (shard, last) in await server.Cursors.ReadLastSeqsAsync(part.Shards, cancellation))
            if (_seen.GetOrAdd(shard, last) is var seen && seen < last)
                behind.Add(new JournalRead(shard, seen, TransactionsPerRead));
        while (behind.Count > 0)
        {
            await store.Servers.ReadAsync(part.Server, behind, cancellation);
            await InvalidateAsync(behind);
            behind = [.. behind.Where(read => read.Rows.Count == read.Limit)
                .Select(read => new JournalRead(read.Shard, read.Rows[^1].Seq, TransactionsPerRead))];
        }
    }

    async Task InvalidateAsync(IReadOnlyList<JournalRead> reads)
    {
        var entries = reads.SelectMany(read => read.Rows.Select(row => JournalCodec.Decode(read.Shard, row)));
        var keys = entries.SelectMany(entry => ChangedKeys.Of(entry, store.Model));
        await store.InvalidateAsync([.. keys.Distinct()]);
        foreach (var read in reads)
            if (read.Rows is [.., var last])
                _seen[read.Shard] = last.Seq;
    }

    [LoggerMessage(150, LogLevel.Warning, "The cache of this process may be behind other processes: {Problem}")]
    static partial void LogFailed(ILogger log, string problem);
}
