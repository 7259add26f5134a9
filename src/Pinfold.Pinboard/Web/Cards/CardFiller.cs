using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Responses;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>Fills cards with what others did with their pins: for all cards of a page at once.</summary>
sealed class CardFiller(CardReader reader)
{
    public async Task<Feed> FillAsync(Feed feed, Caller caller, CancellationToken cancellation) =>
        (await FillAsync([feed], caller, cancellation))[0];

    /// <summary>The feeds of a page; cards beyond <see cref="PinCounts.PinsMax"/> have none.</summary>
    public async Task<IReadOnlyList<Feed>> FillAsync(
        IReadOnlyList<Feed> feeds, Caller caller, CancellationToken cancellation)
    {
        ObjectId<Pin>[] pins = [.. feeds.SelectMany(feed => feed.Pins).Select(IdOf).Distinct().Take(PinCounts.PinsMax)];
        var responses = await ReadAsync(pins, caller, cancellation);
        return [.. feeds.Select(feed => Fill(feed, pins, responses))];
    }

    /// <summary>Null where a server does not answer: a page has all but this.</summary>
    public async Task<CardResponses?> ReadAsync(
        IReadOnlyList<ObjectId<Pin>> pins, Caller caller, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(caller.Viewer, pins, cancellation);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.DeadlineExceeded)
        {
            return null;
        }
    }

    /// <param name="feed">With cards of these pins, or of some of them, or of others.</param>
    /// <param name="pins">As they were read.</param>
    /// <param name="responses">What was read of them.</param>
    public static Feed Fill(Feed feed, IReadOnlyList<ObjectId<Pin>> pins, CardResponses? responses)
    {
        if (responses is null)
            return feed;
        var places = pins.Index().ToDictionary(pin => pin.Item, pin => pin.Index);
        return feed with
        {
            Pins = [.. feed.Pins.Select(card => places.TryGetValue(IdOf(card), out var place)
                ? card with { Counts = responses.Counts[place], Liked = responses.Liked.Contains(pins[place]) }
                : card)],
        };
    }

    static ObjectId<Pin> IdOf(PinCard card) => ObjectId<Pin>.Parse(card.Id, null);
}
