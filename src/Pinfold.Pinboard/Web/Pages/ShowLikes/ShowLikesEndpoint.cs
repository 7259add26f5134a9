using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ShowLikes;

/// <summary>What somebody likes, for themselves alone.</summary>
static class ShowLikesEndpoint
{
    public static void MapShowLikes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{username}/likes", ShowAsync).RequireAuthorization();

    static async Task<IResult> ShowAsync(
        string username, string? cursor, Caller caller, LikeReader likes, FeedCursors cursors, CardFiller cards,
        HttpContext http, CancellationToken cancellation)
    {
        // The same for everybody else, whether there is anybody of that name or not.
        if (caller.Person is not { } person || person.Username != username)
            throw new PinfoldException(ErrorKind.Forbidden, "What somebody likes is listed for themselves alone.");
        var here = Routes.Likes(username);
        var page = await likes.PageAsync(caller.Viewer, cursors.Open(cursor, here, isOwn: true), cancellation);
        return new PageResult(new ShowLikesView
        {
            Title = "What you like",
            SignedIn = person,
            Notice = Notices.Take(http),
            Feed = await cards.FillAsync(cursors.Seal(page, here, isOwn: true, caller), caller, cancellation),
        });
    }
}
