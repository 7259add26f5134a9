using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>The front page: one's own boards and pins, or what this is.</summary>
static class HomeEndpoint
{
    const int LandingPins = 24;

    const string Description =
        "A quiet place for what you find: pin pictures, pages and ideas to boards of your own, public or secret.";

    public static void MapHome(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Home, HomeAsync);

    static async Task<IResult> HomeAsync(
        string? cursor, Caller caller, ProfileReader profiles, ProfileFeed feed, RecentPins recent, HttpContext http,
        CancellationToken cancellation)
    {
        if (caller.Person is not { } shown)
            return new PageResult(new LandingView
            {
                Title = "Pinfold",
                Notice = Notices.Take(http),
                Social = SocialCards.Of(http, Routes.Home, "Pinfold", Description),
                Feed = CardMaker.Feed(await recent.ListAsync(LandingPins, cancellation), null, Routes.Home, caller),
            });
        if (await profiles.FindOwnAsync(caller.Viewer, shown.Username, cancellation) is not { } own)
            throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        return new PageResult(new HomeView
        {
            Title = "Home",
            SignedIn = shown,
            Notice = Notices.Take(http),
            Boards = [.. own.Boards.Take(12).Select(b => CardMaker.Of(own.User.Username, b))],
            Feed = await feed.ReadAsync(own, cursor, Routes.Home, caller, cancellation),
        });
    }
}
