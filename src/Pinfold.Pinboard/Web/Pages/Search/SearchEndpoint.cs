using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Profiles;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.Search;

/// <summary>Finds people and boards by name.</summary>
static class SearchEndpoint
{
    public static void MapSearch(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Search, SearchAsync);

    static async Task<IResult> SearchAsync(
        string? q, Caller caller, UserService users, ProfileReader profiles, CancellationToken cancellation)
    {
        var words = Text.OneLine(q);
        var query = words.Length > 100 ? words[..100] : words;
        var found = query.Length == 0 ? null : await users.FindAsync(query.TrimStart('@'), cancellation);
        var own = caller.Person is { } shown
            ? await profiles.FindOwnAsync(caller.Viewer, shown.Username, cancellation) : null;
        return new PageResult(new SearchView(query)
        {
            Title = query.Length == 0 ? "Find" : query,
            SignedIn = caller.Person,
            People = found is null ? [] : [new Person(found.Body.Username, found.Body.DisplayName)],
            Boards = query.Length == 0 || own is null ? [] : [.. own.Boards
                .Where(b => b.Board.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
                .Select(b => CardMaker.Of(own.User.Username, b))],
        });
    }
}
