using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Pictures;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Sweeping;

/// <summary>
/// Every quarter of an hour: files of pictures that nothing uses go, what killed uploads left, and files of imports
/// that nothing waits for.
/// </summary>
sealed partial class FileSweeper(
    PictureUses uses, ImageFiles files, ImportService imports, TemporaryFiles temporary, FollowerHost followers,
    TimeProvider time, ILogger<FileSweeper> log) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromMinutes(15);
    static readonly TimeSpan CountingMax = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                var swept = files.Sweep(time.GetUtcNow() - PictureUses.Grace);
                swept += temporary.Sweep();
                swept += await imports.SweepAsync(stoppingToken);
                var collected = await uses.CollectAsync(AreAllCountedAsync, stoppingToken);
                if (swept + collected > 0)
                    LogCollected(log, collected, swept);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is PinfoldException or IOException)
            {
                LogFailed(log, e.Message);
            }
        }
        while (await NextTickAsync(timer, stoppingToken));
    }

    /// <summary>
    /// A shard whose journal was not followed for longer than the grace may hold a pin of a picture that seems unused.
    /// </summary>
    async Task<bool> AreAllCountedAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(CountingMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await followers.DrainAsync(null, either.Token);
            return (await followers.Parked.ListAsync(PictureFollower.FollowerName, 1, cancellation)).Count == 0;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// False when it is time to stop, which is no failure: not even of a service that could not
    /// start.
    /// </summary>
    static async Task<bool> NextTickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(
        300, LogLevel.Information,
        "{Pictures} pictures that nothing uses were deleted, and {Files} files of interrupted uploads")]
    static partial void LogCollected(ILogger log, int pictures, int files);

    [LoggerMessage(301, LogLevel.Warning, "Unused pictures could not be deleted now: {Problem}")]
    static partial void LogFailed(ILogger log, string problem);
}
