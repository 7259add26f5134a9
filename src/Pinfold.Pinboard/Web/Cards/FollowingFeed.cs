using Pinfold.Pinboard.Feeds;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>What the people and boards that the caller follows have pinned, each pin with who did.</summary>
sealed class FollowingFeed(HomeReader home, FeedCursors cursors)
{
    /// <summary>A page, and whether some of it cannot be read now.</summary>
    public async Task<(Feed Feed, bool IsPartial)> ReadAsync(
        Caller caller, string? cursor, string path, CancellationToken cancellation)
    {
        var page = await home.ReadAsync(caller.Viewer, cursors.Open(cursor, path, isOwn: true), cancellation);
        var cards = page.Pins.Select(pin => CardMaker.Of(pin.Pin.Id, pin.Pin.Pin, caller) with
        {
            Note = pin.Author.DisplayName is { Length: > 0 } name ? name : pin.Author.Username,
        });
        return (cursors.Seal([.. cards], page.Next, path, isOwn: true), page.IsPartial);
    }
}
