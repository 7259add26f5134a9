using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Has pictures fetched again whose time has come: their pins wait again, which <see cref="PictureFetchFollower"/>
/// learns from the journal. Of the shards that this process follows for it; one question to each server twice a minute.
/// </summary>
sealed partial class FetchAgainService(
    ShardedStore store, FollowerHost followers, PinPictures pins, PinboardSettings settings, TimeProvider time,
    ILogger<FetchAgainService> log) : BackgroundService
{
    const int ShardsAtOnceMax = 1000;

    /// <summary>The rest comes with the next look.</summary>
    const int PinsOfAShardMax = 100;

    static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Looks once; says how many pins wait again.</summary>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        var (woken, now) = (0, time.GetUtcNow());
        foreach (var shards in followers.FollowedShards(PictureFetchFollower.FollowerName).Chunk(ShardsAtOnceMax))
        {
            var read = store.Read();
            var due = shards.Select(shard => read.Page(PinsToFetchAgain, Picture.FetchedLater(shard),
                new PageRequest(PinsOfAShardMax)
                {
                    NewestFirst = false,
                    SequenceMax = now.ToUnixTimeMilliseconds(),
                })).ToList();
            await read.ExecuteAsync(cancellation);
            foreach (var entry in due.SelectMany(page => page.Value.Items))
                woken += await WakeAsync(entry.To, now, cancellation) ? 1 : 0;
        }

        return woken;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.FetchFromWeb || !settings.FollowJournal)
            return;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryLookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    async Task TryLookAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
        }
        catch (PinfoldException e)
        {
            LogFailed(log, e.Message);
        }
    }

    async Task<bool> WakeAsync(ObjectId<Pin> id, DateTimeOffset now, CancellationToken cancellation)
    {
        var isWoken = false;
        await pins.UpdateAsync(id, (pin, picture) =>
        {
            isWoken = picture.State == PictureState.Failed && picture.FetchAgainAt <= now;
            return !isWoken ? null : pin with
            {
                Picture = picture with { State = PictureState.Waiting, Problem = null, FetchAgainAt = null },
            };
        }, cancellation);
        if (!isWoken)
            await ForgetAsync(id, cancellation);
        return isWoken;
    }

    /// <summary>Takes a pin off the list that is gone, or was given another picture.</summary>
    Task ForgetAsync(ObjectId<Pin> id, CancellationToken cancellation) =>
        store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var pin = await pins.FindAsync(id, token);
            if (pin is { Body.Picture: { State: PictureState.Failed, FetchAgainAt: not null } })
                return;
            if (pin is not null)
                transaction.Require(pin);
            transaction.Remove(PinsToFetchAgain, Picture.FetchedLater(id.Shard), id);
        }, cancellation);

    [LoggerMessage(
        320, LogLevel.Warning, "Which pictures are to be fetched again could not be seen now: {Problem}")]
    static partial void LogFailed(ILogger log, string problem);
}
