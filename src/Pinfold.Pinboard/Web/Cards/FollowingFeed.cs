using Pinfold.Pinboard.Feeds;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>What the people and boards that the caller follows have pinned, each pin with who did.</summary>
sealed class FollowingFeed(HomeReader home, FeedCursors cursors, CardFiller filler)
{
    /// <summary>A page, and whether some of it cannot be read now.</summary>
    public async Task<(Feed Feed, bool IsPartial)> ReadAsync(
        Caller caller, string? cursor, string path, CancellationToken cancellation)
    {
        var list = $"{path} of {caller.Viewer.User}";
        var page = await home.ReadAsync(caller.Viewer, cursors.Open(cursor, list, isOwn: true), cancellation);
        var cards = page.Pins.Select(pin => CardMaker.Of(pin.Pin.Id, pin.Pin.Pin, caller) with
        {
            Note = pin.Author.DisplayName is { Length: > 0 } name ? name : pin.Author.Username,
        });
        var next = page.Next is null ? null : CardMaker.NextHref(path, cursors.Seal(page.Next, list));
        return (await filler.FillAsync(new Feed([.. cards], next), caller, cancellation), page.IsPartial);
    }
}
