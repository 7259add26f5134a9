using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Explore;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Pages.ExplorePins;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Home;

/// <summary>
/// The front page: what those whom one follows have pinned, one's own boards and pins, or what this is. Without a word
/// about it, what one follows comes first if there is anything.
/// </summary>
static class HomeEndpoint
{
    const int LandingPins = 24;

    const string Description =
        "A quiet place for what you find: pin pictures, pages and ideas to boards of your own, public or secret.";

    public static void MapHome(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Home, HomeAsync);

    static async Task<IResult> HomeAsync(
        string? show, string? cursor, Caller caller, ProfileReader profiles, ProfileFeed own, FollowingFeed following,
        ExploreReader explore, HttpContext http, CancellationToken cancellation)
    {
        if (caller.Person is not { } shown)
            return new PageResult(new LandingView
            {
                Title = "Pinfold",
                Notice = Notices.Take(http),
                Social = SocialCards.Of(http, Routes.Home, "Pinfold", Description),
                Feed = new Feed(
                    [
                        .. (await explore.ReadPicturesAsync(LandingPins, cancellation)).Pins
                            .Select(found => ExplorePinsEndpoint.CardOf(found, caller)),
                    ], null),
            });
        var view = new HomeView { Title = "Home", SignedIn = shown, Notice = Notices.Take(http) };
        if (show != HomeFace.Own)
        {
            var (feed, isPartial) = await following.ReadAsync(
                caller, cursor, Routes.HomeShowing(HomeFace.Following), cancellation);
            if (show == HomeFace.Following || isPartial || !feed.IsEmpty)
                return new PageResult(view with { Face = HomeFace.Following, Feed = feed, IsPartial = isPartial });
        }
        if (await profiles.FindOwnAsync(caller.Viewer, shown.Username, cancellation) is not { } profile)
            throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");
        return new PageResult(view with
        {
            Face = HomeFace.Own,
            Boards = [.. profile.Boards.Take(12).Select(b => CardMaker.Of(profile.User.Username, b))],
            Feed = await own.ReadAsync(profile, cursor, Routes.HomeShowing(HomeFace.Own), caller, cancellation),
        });
    }
}
