using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>
/// Makes an index anew while the one before serves: fills it from every shard, follows the journals until nothing is
/// left, and has it serve. Cut short, it goes on where it stood.
/// </summary>
sealed class IndexRebuild(ShardedStore store, ShardStatusReader shards, ISearchEngine engine)
{
    const int StepsBetweenSaves = 10;

    readonly ShardFeeder _feeder = new(store);

    /// <summary>Gives the name of the index that serves now.</summary>
    /// <param name="progress">Told how much of 1,000 is done.</param>
    /// <param name="cancellation">Ends it; run again, it goes on.</param>
    public async Task<string> RunAsync(IProgress<long> progress, CancellationToken cancellation)
    {
        Dictionary<ShardId, FillPlace> places;
        string name;
        await using (var next = await engine.OpenNextAsync(cancellation))
        {
            name = next.Name;
            places = new(await next.PlacesAsync(cancellation));
            await FillAsync(next, places, progress, cancellation);
            await FollowAsync(next, places, cancellation);
            await next.SaveAsync(places, cancellation);
            await engine.SwapAsync(next, cancellation);
        }
        if (engine.GoesOnFromPlaces)
            return name;
        await using var serving = await engine.OpenServingAsync(cancellation);
        await FollowAsync(serving, places, cancellation);
        await serving.SaveAsync(places, cancellation);
        return name;
    }

    async Task FillAsync(
        ISearchTarget next, Dictionary<ShardId, FillPlace> places, IProgress<long> progress,
        CancellationToken cancellation)
    {
        var steps = 0;
        var sizes = (await shards.ReadAsync(cancellation)).ToDictionary(s => s.Shard, s => s.LastLocalId);
        foreach (var (shard, last) in await _feeder.LastSeqsAsync(cancellation))
            while (!places.TryGetValue(shard, out var place) || !place.IsFilled)
            {
                places[shard] = await _feeder.FillAsync(
                    next, shard, places.TryGetValue(shard, out var begun) ? begun : null, last, cancellation);
                if (++steps % StepsBetweenSaves == 0)
                    await next.SaveAsync(places, cancellation);
                progress.Report(Done(places, sizes));
            }
    }

    /// <summary>Until nothing is left of what was written before its last look.</summary>
    async Task FollowAsync(
        ISearchTarget target, Dictionary<ShardId, FillPlace> places, CancellationToken cancellation)
    {
        for (var isAny = true; isAny;)
        {
            isAny = false;
            foreach (var (shard, last) in await _feeder.LastSeqsAsync(cancellation))
                while (places[shard].Seq < last)
                {
                    places[shard] = await _feeder.FollowAsync(target, shard, places[shard], last, cancellation)
                        ?? throw new PinfoldException(ErrorKind.Corrupt,
                            $"The journal of shard {shard} cannot be read beyond {places[shard].Seq}.")
                        { Shard = shard };
                    isAny = true;
                }
        }
    }

    /// <summary>A shard is gone through once for each type, by local id.</summary>
    static long Done(Dictionary<ShardId, FillPlace> places, Dictionary<ShardId, long> sizes)
    {
        var (types, done, all) = (DocumentReader.Types.Count, 0.0, 0.0);
        foreach (var (shard, size) in sizes)
        {
            all += size * types;
            if (!places.TryGetValue(shard, out var place))
                continue;
            var at = place.IsFilled ? types
                : DocumentReader.Types.Index().First(t => t.Item.Number == place.Next.Type).Index;
            done += (size * at) + (place.IsFilled ? 0 : place.Next.Local);
        }
        return all == 0 ? 1000 : (long)(1000 * done / all);
    }
}
