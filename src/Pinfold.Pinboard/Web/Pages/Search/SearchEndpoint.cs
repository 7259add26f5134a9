using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Search;

/// <summary>Finds pins, boards and people.</summary>
static class SearchEndpoint
{
    const string NotAvailable = "Search is not available now. Everything else works; try again in a moment.";

    public static void MapSearch(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Search, SearchAsync).RequireRateLimiting(RateLimits.Searches);

    static async Task<IResult> SearchAsync(
        string? q, string? kind, string? colour, string? year, string? board, string? cursor, Caller caller,
        SearchReader search, BoardReader boards, BoardService boardService, SearchCursors cursors, CardFiller cards,
        CancellationToken cancellation)
    {
        var asked = Text.OneLine(q);
        var chosen = string.IsNullOrEmpty(board) ? null
            : await boardService.GetAsync(caller.Viewer, RouteId.Board(board), cancellation);
        var links = new FacetLinks(asked, FilterOf(kind, colour, year, chosen), chosen?.Body.Name);
        var view = new SearchView(asked)
        {
            Title = asked.Length == 0 ? "Find" : asked,
            SignedIn = caller.Person,
            Chosen = links.Chosen,
        };
        if (asked.Length == 0)
            return new PageResult(view);
        try
        {
            var query = SearchQueryParser.Parse(asked);
            var place = cursors.Open(cursor, links.Here);
            var found = await search.FindAsync(caller.Viewer, query, links.Filter, place, cancellation);
            var shown = await ShownAsync(
                view, found, links, new Highlights(query), caller, boards, cursors, cancellation);
            return new PageResult(shown with
            {
                Feed = await cards.FillAsync(shown.Feed, caller, cancellation),
                Progress = place is null ? await ProgressAsync(search, cancellation) : null,
            });
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Invalid)
        {
            return new PageResult(view with { Error = e.Message });
        }
        catch (PinfoldException e) when (e is { Kind: ErrorKind.Unavailable, Shard: null })
        {
            return new PageResult(view with { Error = NotAvailable, IsUnavailable = true });
        }
    }

    static async Task<SearchView> ShownAsync(
        SearchView view, SearchPage found, FacetLinks links, Highlights highlights, Caller caller, BoardReader boards,
        SearchCursors cursors, CancellationToken cancellation)
    {
        var counts = await boards.CountsAsync(caller.Viewer, [.. found.Boards.Select(b => b.Board)], cancellation);
        return view with
        {
            People = [.. found.People.Select(p => new Person(p.Body.Username, p.Body.DisplayName))],
            Boards = [.. found.Boards.Select((b, i) => CardMaker.Of(b.Owner.Username, b.Board.Body, counts[i]) with
            {
                By = b.Owner.DisplayName,
            })],
            Facets = links.Of(found.Facets),
            Total = found.Total,
            Feed = new Feed(
                [.. found.Pins.Select(p => CardMaker.Of(p.Id, p.Pin, caller).Marked(highlights, p.Pin))],
                cursors.Seal(found.Next, links.Here)),
        };
    }

    static async Task<string?> ProgressAsync(SearchReader search, CancellationToken cancellation)
    {
        var progress = await search.ProgressAsync(cancellation);
        return progress.IsComplete ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"Search is being prepared ({progress.Filled} of {progress.Shards} parts): some may be missing here.");
    }

    static SearchFilter FilterOf(string? kind, string? colour, string? year, Stored<Board>? board) => new()
    {
        Kind = PinKind.All.Contains(kind) ? kind : null,
        Colour = ColourName.All.Contains(colour) ? colour : null,
        Year = int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 10_000 ? number : null,
        Board = board?.Id ?? default,
    };
}
