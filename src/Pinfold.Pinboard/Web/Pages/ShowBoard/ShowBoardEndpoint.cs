using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ShowBoard;

/// <summary>A board's page.</summary>
static class ShowBoardEndpoint
{
    public static void MapShowBoard(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/{username}/{slug}", ShowAsync);

    static async Task<IResult> ShowAsync(
        string username, string slug, string? section, string? cursor, Caller caller, UserService users,
            BoardService boards,
        BoardReader reader, FeedCursors cursors, CardFiller cards, FollowReader follows, HttpContext http,
            CancellationToken cancellation)
    {
        if (await users.FindAsync(username, cancellation) is not { } owner
            || await boards.FindAsync(caller.Viewer, owner.Id, slug, cancellation) is not { } board)
            throw NotThere.Board();
        var chosen = section is null ? default : RouteId.Section(section);
        var sections = await boards.ListSectionsAsync(board.Id, cancellation);
        if (!chosen.IsNone && sections.All(s => s.Id != chosen))
            throw NotThere.Section();
        var isOwn = caller.Viewer.Is(board.Body.Owner);
        var counts = await reader.SectionCountsAsync(
            caller.Viewer, board, [.. sections.Select(s => s.Id)], cancellation);
        var href = Routes.Board(owner.Body.Username, board.Body.Slug);
        var here = chosen.IsNone ? href : $"{href}?section={chosen}";
        var page = await reader.PinsAsync(
            caller.Viewer, board, chosen, cursors.Open(cursor, here, isOwn), cancellation);
        var person = new Person(owner.Body.Username, owner.Body.DisplayName);
        var (followers, follow) = await follows.OfBoardAsync(caller.Viewer, board, cancellation);
        return new PageResult(new ShowBoardView
        {
            Title = board.Body.Name,
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Social = board.Body.IsSecret ? null
                : SocialCards.Of(http, href, board.Body.Name, board.Body.Description, board.Body.Covers),
            Id = board.Id.ToString(),
            Name = board.Body.Name,
            Href = href,
            Owner = person,
            FollowerCount = followers,
            Follow = isOwn ? null
                : FollowControl.OfBoard(caller, board.Id.ToString(), board.Body.Name, person, follow, href),
            About = board.Body.Description,
            PinCount = await reader.CountAsync(caller.Viewer, board, cancellation),
            Secret = board.Body.IsSecret,
            Own = isOwn,
            Sections =
                [.. sections.Select(
                    (s, i) => new SectionLink($"{href}?section={s.Id}", s.Body.Name, counts[i], s.Id == chosen))],
            Feed = await cards.FillAsync(cursors.Seal(page, here, isOwn, caller), caller, cancellation),
        });
    }
}
