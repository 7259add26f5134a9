using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.ExplorePins;

/// <summary>What is recent and popular, also for visitors.</summary>
static class ExplorePinsEndpoint
{
    const string Description = "What people have pinned lately, and what others liked, saved and talked about.";

    public static void MapExplore(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Explore, ShowAsync);

    static async Task<IResult> ShowAsync(
        string? cursor, Caller caller, ExploreReader explore, FeedCursors cursors, CardFiller cards,
        HttpContext http, CancellationToken cancellation)
    {
        var page = await explore.ReadAsync(
            caller.Viewer, cursors.Open(cursor, Routes.Explore, isOwn: false), cancellation);
        return new PageResult(new ExplorePinsView
        {
            Title = "Explore",
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Social = SocialCards.Of(http, Routes.Explore, "Explore", Description),
            IsMissing = page.IsMissing,
            Feed = await cards.FillAsync(
                new Feed(
                    [.. page.Pins.Select(found => CardOf(found, caller))],
                    cursors.NextHref(page.Next, Routes.Explore, isOwn: false)),
                caller, cancellation),
        });
    }

    public static PinCard CardOf(ExplorePin found, Caller caller) =>
        CardMaker.Of(found.Pin.Id, found.Pin.Pin, caller) with
        {
            Note = found.Author.DisplayName is { Length: > 0 } name ? name : found.Author.Username,
        };
}
