using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Redis;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Explore;

/// <summary>
/// Reads what there is to explore from the shards when it is missing: at the start, after a Redis came back with less
/// than it had, or was emptied. Nothing waits for it but who asks for that page.
/// </summary>
sealed partial class ExploreKeeper(
    IExploreStore store, ImpliedExplore implied, ILogger<ExploreKeeper> log) : BackgroundService
{
    /// <summary>How often it is looked whether it is there.</summary>
    static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _woken = new(0, 1);

    /// <summary>It may be missing.</summary>
    public void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was woken already.
        }
    }

    /// <summary>Reads it if it is missing, and nobody else does.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        if (await store.BeginAsync(cancellation) is not { } lease)
            return;
        var (candidates, isWhole) = await implied.ReadAsync(cancellation);
        await store.PutAsync(lease, candidates, isWhole, cancellation);
    }

    public override void Dispose()
    {
        base.Dispose();
        _woken.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of a host is not to wait for it.
        await Task.Yield();
        try
        {
            for (; ; await _woken.WaitAsync(Period, stoppingToken))
                await TryKeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Its end.
        }
    }

    async Task TryKeepAsync(CancellationToken cancellation)
    {
        try
        {
            await KeepAsync(cancellation);
        }
        catch (RedisUnavailableException)
        {
            // It is said where it is asked.
        }
        catch (PinfoldException e)
        {
            LogTrouble(log, e.Message);
        }
    }

    [LoggerMessage(3220, LogLevel.Warning, "What there is to explore could not be read, and is tried again: {Reason}")]
    static partial void LogTrouble(ILogger log, string reason);
}
