using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Responses;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Fills cards with what others did with their pins: for all cards of a page at once.</summary>
sealed class CardFiller(CardReader reader)
{
    public async Task<Feed> FillAsync(Feed feed, Caller caller, CancellationToken cancellation) =>
        (await FillAsync([feed], caller, cancellation))[0];

    /// <summary>
    /// The feeds of a page; cards beyond <see cref="PinCounts.PinsMax"/> have none. Where a server does not answer, a
    /// page has all but this.
    /// </summary>
    public async Task<IReadOnlyList<Feed>> FillAsync(
        IReadOnlyList<Feed> feeds, Caller caller, CancellationToken cancellation)
    {
        var pins = feeds.SelectMany(feed => feed.Pins).Select(IdOf).Distinct().Take(PinCounts.PinsMax);
        IReadOnlyDictionary<ObjectId<Pin>, CardResponses> read;
        try
        {
            read = await reader.ReadAsync(caller.Viewer, [.. pins], cancellation);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.DeadlineExceeded)
        {
            return feeds;
        }
        return [.. feeds.Select(feed => feed with
        {
            Pins = [.. feed.Pins.Select(card => read.TryGetValue(IdOf(card), out var of)
                ? card with { Counts = of.Count, Liked = of.IsLiked } : card)],
        })];
    }

    static ObjectId<Pin> IdOf(PinCard card) => ObjectId<Pin>.Parse(card.Id, null);
}
