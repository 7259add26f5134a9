using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Profile;

/// <summary>A person's profile.</summary>
static class ProfileEndpoint
{
    public static void MapProfile(this IEndpointRouteBuilder routes) => routes.MapGet("/{username}", ShowAsync);

    static async Task<IResult> ShowAsync(
        string username, string? cursor, Caller caller, ProfileReader profiles, ProfileFeed feed, FollowReader follows,
        CardFiller cards, VisitorPages pages, HttpContext http, CancellationToken cancellation)
    {
        var isOwn = string.Equals(caller.Person?.Username, username, StringComparison.OrdinalIgnoreCase);
        var profile = isOwn
            ? await profiles.FindOwnAsync(caller.Viewer, caller.Person!.Username, cancellation)
            : await profiles.FindAsync(caller.Viewer, username, cancellation);
        if (profile is null)
            throw new PinfoldException(ErrorKind.NotFound, "There is nobody of that name.");
        if (profile.User.Username != username)
            return Results.LocalRedirect(Routes.Profile(profile.User.Username), permanent: true);
        var path = Routes.Profile(profile.User.Username);
        var person = new Person(profile.User.Username, profile.User.DisplayName);
        var between = await follows.OfPersonAsync(caller.Viewer, profile.UserId, cancellation);
        if (!string.IsNullOrEmpty(cursor))
            return new PageResult(View(await feed.ReadAsync(profile, cursor, path, caller, cancellation)));
        var pins = profile.Pins.Select(p => p.Id).ToList();
        var responses = await cards.ReadAsync(pins, caller, cancellation);
        return pages.Answer(
            profile, (between, responses),
            () => View(CardFiller.Fill(feed.First(profile, path, caller), pins, responses)), caller);

        ProfileView View(Feed shown) => new()
        {
            Title = profile.User.DisplayName,
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Social = SocialCards.Of(http, path, profile.User.DisplayName, profile.User.About,
                profile.Boards.Where(b => !b.Board.IsSecret).SelectMany(b => b.Board.Covers ?? []).ToList()),
            Person = person,
            FollowerCount = between.Counts.Followers,
            FollowingCount = between.Counts.People,
            FollowedBoardCount = between.Counts.Boards,
            Follow = between.IsBlocked ? null : FollowControl.OfPerson(caller, person, between.IsFollowed, path),
            Blockable = caller.Viewer.IsSignedIn && !caller.Viewer.Is(profile.UserId),
            Blocked = between.IsBlocked,
            About = profile.User.About,
            BoardCount = profile.BoardCount,
            PinCount = profile.PinCount,
            Boards = [.. profile.Boards.Select(b => CardMaker.Of(profile.User.Username, b))],
            Feed = shown,
            Own = caller.Viewer.Is(profile.UserId),
        };
    }
}
