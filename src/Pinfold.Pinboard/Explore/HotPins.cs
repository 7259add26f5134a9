using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Explore;

/// <summary>Tells of pins how hot they are now, as far as everybody may see them.</summary>
sealed class HotPins(FeedPins pins, PinCounts counts, TimeProvider time)
{
    /// <summary>
    /// Those of these that are there and public. Three round trips to each server for each 300; what a server that does
    /// not answer has is missing, and <c>Failure</c> says so.
    /// </summary>
    public async Task<(IReadOnlyList<ExploreCandidate> Candidates, PinfoldException? Failure)> FindAsync(
        IReadOnlyCollection<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        var found = await pins.FindAsync(ids, cancellation);
        var (counted, failure) = await CountAsync(found.Entries.Select(entry => entry.Pin), cancellation);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return (
            [
                .. found.Entries.Select(entry => new ExploreCandidate(
                    entry.Pin, entry.Author, entry.Board,
                    Heat.Of(counted.GetValueOrDefault(entry.Pin) ?? PinCount.Zero, entry.Sequence, nowMs))),
            ], found.Failure ?? failure);
    }

    async Task<(IReadOnlyDictionary<ObjectId<Pin>, PinCount> Counts, PinfoldException? Failure)> CountAsync(
        IEnumerable<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        try
        {
            return (await counts.OfManyAsync(ids, cancellation), null);
        }
        catch (PinfoldException e) when (e.IsTransient)
        {
            return (new Dictionary<ObjectId<Pin>, PinCount>(), e);
        }
    }

    /// <summary>What became of these, as their shards have it.</summary>
    /// <exception cref="PinfoldException">A server does not answer.</exception>
    public async Task<IReadOnlyCollection<ExploreChange>> ChangesOfAsync(
        IReadOnlyCollection<ObjectId<Pin>> ids, CancellationToken cancellation)
    {
        var (candidates, failure) = await FindAsync(ids, cancellation);
        if (failure is not null)
            throw failure;
        var byPin = candidates.ToDictionary(candidate => candidate.Pin);
        return [.. ids.Select(id => new ExploreChange(id, byPin.GetValueOrDefault(id)))];
    }
}
