using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Images;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Every quarter of an hour: files of pictures that nothing uses go, and what interrupted uploads left.
/// </summary>
sealed partial class PictureCollector(
    PictureUses uses, ImageFiles files, TimeProvider time, ILogger<PictureCollector> log) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                var swept = files.Sweep(time.GetUtcNow() - PictureUses.Grace);
                var collected = await uses.CollectAsync(stoppingToken);
                if (swept + collected > 0)
                    LogCollected(log, collected, swept);
            }
            catch (Exception e) when (e is PinfoldException or IOException)
            {
                LogFailed(log, e.Message);
            }
        }
        while (await NextTickAsync(timer, stoppingToken));
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
