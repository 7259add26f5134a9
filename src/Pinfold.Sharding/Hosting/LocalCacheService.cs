using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Caching.Memory;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Storage;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Keeps a cache in this process's own memory honest beside other processes (an import on the command line beside the
/// service): it looks at every shard's journal number and invalidates what others changed. One round trip per server
/// and
/// look; a ring of Memcached is shared by all and needs none of this.
/// </summary>
sealed partial class LocalCacheService(ShardedStore store, ILogger<LocalCacheService> log) : BackgroundService
{
    /// <summary>How old a cached value can be at most when another process has changed it.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    const int TransactionsPerRead = 500;
    readonly Dictionary<ShardId, long> _seen = [];

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

    /// <summary>Reads what was committed since the last look, on every shard, and invalidates it here.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var rows = Enumerable.Range(0, store.Topology.ShardCount).Select(i => new ShardRowRead(new ShardId(i)))
            .ToList();
        await store.ReadServersAsync(rows, cancellation);
        foreach (var read in rows)
        {
            if (read.Row is not { LastSeq: var last })
                continue;
            if (!_seen.TryGetValue(read.Shard, out var seen))
                seen = last;
            while (seen < last)
                seen = await InvalidateAsync(read.Shard, seen, last, cancellation);
            _seen[read.Shard] = seen;
        }
    }

    async Task<long> InvalidateAsync(ShardId shard, long after, long last, CancellationToken cancellation)
    {
        var journal = new JournalRead(shard, after, TransactionsPerRead);
        await store.ReadServersAsync([journal], cancellation);
        var keys = journal.Rows.SelectMany(row => CacheFollower.KeysOf(JournalCodec.Decode(shard, row), store.Model))
            .Distinct().ToList();
        await store.InvalidateAsync(keys);
        return journal.Rows.Count == 0 ? last : journal.Rows[^1].Seq;
    }

    [LoggerMessage(150, LogLevel.Warning, "The cache of this process may be behind other processes: {Problem}")]
    static partial void LogFailed(ILogger log, string problem);
}
