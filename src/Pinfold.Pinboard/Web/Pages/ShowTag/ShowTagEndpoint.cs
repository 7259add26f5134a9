using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ShowTag;

/// <summary>A tag's page.</summary>
static class ShowTagEndpoint
{
    public static void MapShowTag(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/tag/{name}", ShowAsync).RequireRateLimiting(RateLimits.Searches);

    static async Task<IResult> ShowAsync(
        string name, string? cursor, Caller caller, SearchReader search, SearchCursors cursors, CardFiller cards,
        HttpContext http, CancellationToken cancellation)
    {
        var tag = TagName.Checked(name);
        var here = Routes.Tag(tag.Name);
        var view = new ShowTagView(tag.Name)
        {
            Title = $"#{tag.Name}",
            SignedIn = caller.Person,
            Social = SocialCards.Of(http, here, $"#{tag.Name}", null, picturePath: null),
        };
        var place = cursors.Open(cursor, here);
        try
        {
            var found = await search.FindAsync(
                caller.Viewer, new SearchQuery { Tags = [tag.Key] }, new SearchFilter(), place, cancellation);
            var progress = await search.ProgressAsync(cancellation);
            return new PageResult(view with
            {
                Total = found.Total,
                Trouble = progress.IsComplete ? null : "Tags are being collected: some pins may be missing here.",
                Feed = await cards.FillAsync(
                    new Feed(
                        [.. found.Pins.Select(p => CardMaker.Of(p.Id, p.Pin, caller))],
                        cursors.Seal(found.Next, here)),
                    caller, cancellation),
            });
        }
        catch (PinfoldException e) when (e is { Kind: ErrorKind.Unavailable, Shard: null })
        {
            return new PageResult(view with
            {
                Trouble = "Tags are not available now. Everything else works; try again in a moment.",
                IsUnavailable = true,
                Social = null,
            });
        }
    }
}
