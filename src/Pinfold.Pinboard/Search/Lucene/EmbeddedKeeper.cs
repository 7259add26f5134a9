using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// Keeps the embedded index what the shards imply: fills it when there is none, follows the journals, and takes another
/// up when a rebuild has made one. What was written is on disk after a few seconds; what a crash loses is read again.
/// </summary>
sealed partial class EmbeddedKeeper(
    EmbeddedEngine engine, ShardedStore store, TimeProvider time, ILogger<EmbeddedKeeper> log) : BackgroundService
{
    static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(3);
    static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    readonly ShardFeeder _feeder = new(store);
    readonly SemaphoreSlim _news = new(1);
    Dictionary<ShardId, FillPlace> _places = [];
    bool _isSaved = true;
    long _savedAt;

    /// <summary>Something was written that may be found.</summary>
    public void Wake()
    {
        if (_news.CurrentCount == 0)
            _news.Release();
    }

    /// <summary>Brings the index up to all that was written before the call, and on disk.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        while (await StepAsync(cancellation))
        {
        }
        await SaveAsync(cancellation);
    }

    public override void Dispose()
    {
        base.Dispose();
        _news.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first page is not to wait for it, nor for the processor.
        await Task.Delay(AfterStart, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
            {
                LogAsksOnly(log);
                engine.OnlyAsk();
            }
            catch (Exception e) when (e is PinfoldException or IOException or UnauthorizedAccessException)
            {
                LogTrouble(log, e.Message);
                await Task.Delay(AfterTrouble, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        await EndAsync();
    }

    async Task KeepAsync(CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        if (engine.Serving is { IsToWrite: false })
        {
            await AskOnlyAsync(cancellation);
            return;
        }
        var isNews = await _news.WaitAsync(LookPeriod, cancellation);
        while (isNews && await StepAsync(cancellation) && !engine.IsReplaced)
            if (time.GetElapsedTime(_savedAt) >= SavePeriod)
                await SaveAsync(cancellation);
        if (!_isSaved && time.GetElapsedTime(_savedAt) >= SavePeriod)
            await SaveAsync(cancellation);
    }

    async Task OpenAsync(CancellationToken cancellation)
    {
        if (engine.Serving is not null && !engine.IsReplaced)
            return;
        if (engine.Serving is { IsToWrite: true })
            await SaveAsync(cancellation);
        await engine.OpenAsync();
        _places = new(await engine.Serving!.PlacesAsync(cancellation));
        Wake();
    }

    /// <summary>Another process of this data folder writes; should it end, this one does.</summary>
    async Task AskOnlyAsync(CancellationToken cancellation)
    {
        await Task.Delay(AfterTrouble, time, cancellation);
        if (engine.Serving is { IsThere: true } serving)
            serving.Refresh();
        await using var target = await engine.OpenServingAsync(cancellation);
        if (target is not LuceneTarget { IsToWrite: true })
            return;
        await target.DisposeAsync();
        await engine.OpenAsync();
        _places = new(await engine.Serving!.PlacesAsync(cancellation));
        Wake();
    }

    /// <summary>Something of each shard that is not all in; whether there was anything.</summary>
    async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var target = engine.Serving!;
        var isAny = false;
        foreach (var (shard, last) in await _feeder.LastSeqsAsync(cancellation))
        {
            var place = _places.TryGetValue(shard, out var known) ? known : (FillPlace?)null;
            if (place is { IsFilled: true } filled && filled.Seq == last)
                continue;
            var next = place is { IsFilled: true } there
                ? await _feeder.FollowAsync(target, shard, there, last, cancellation)
                : await _feeder.FillAsync(target, shard, place, last, cancellation);
            if (next is { } reached)
                _places[shard] = reached;
            else
                _places.Remove(shard);
            (isAny, _isSaved) = (true, false);
        }
        return isAny;
    }

    async Task SaveAsync(CancellationToken cancellation)
    {
        await engine.Serving!.SaveAsync(_places, cancellation);
        (_isSaved, _savedAt) = (true, time.GetTimestamp());
    }

    async Task EndAsync()
    {
        try
        {
            if (engine.Serving is { IsToWrite: true } && !_isSaved)
                await SaveAsync(CancellationToken.None);
            await engine.CloseAsync();
        }
        catch (Exception e) when (e is PinfoldException or IOException or UnauthorizedAccessException)
        {
            LogTrouble(log, e.Message);
        }
    }

    [LoggerMessage(320, LogLevel.Warning,
        "The search index is behind: {Problem} It is tried again, and what was written meanwhile is found then.")]
    static partial void LogTrouble(ILogger log, string problem);

    [LoggerMessage(321, LogLevel.Information,
        "Another process writes the search index of this data folder; this one asks it only.")]
    static partial void LogAsksOnly(ILogger log);
}
