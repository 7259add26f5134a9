using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Models;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>A board's page, and the forms that make, change and delete one.</summary>
static class BoardPages
{
    public static void MapBoards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{username}/{slug}", ShowAsync);
        routes.MapGet(Routes.NewBoard, (Visitor visitor) => new PageResult(new BoardFormView
        {
            Title = "New board",
            Viewer = visitor.Shown,
            Action = Routes.NewBoard,
            CancelHref = Routes.Home,
        })).RequireAuthorization();
        routes.MapPost(Routes.NewBoard, CreateAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapGet("/boards/{id}/edit", EditAsync).RequireAuthorization();
        routes.MapPost("/boards/{id}/edit", UpdateAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapGet("/boards/{id}/delete", ConfirmAsync).RequireAuthorization();
        routes.MapPost("/boards/{id}/delete", DeleteAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
    }

    static async Task<IResult> ShowAsync(
        string username, string slug, string? section, string? cursor, Visitor visitor, UserService users,
            BoardService boards,
        BoardReader reader, HttpContext http, CancellationToken cancellation)
    {
        if (await users.FindAsync(username, cancellation) is not { } owner
            || await boards.FindAsync(visitor.Access, owner.Id, slug, cancellation) is not { } board)
            throw new PinfoldException(ErrorKind.NotFound, "There is no such board.");
        var chosen = section is null ? default : ObjectId<Section>.Parse(section);
        var page = await reader.PinsAsync(visitor.Access, board.Id, chosen, cursor, cancellation);
        var sections = await boards.ListSectionsAsync(board.Id, cancellation);
        if (!chosen.IsNone && sections.All(s => s.Id != chosen))
            throw new PinfoldException(ErrorKind.NotFound, "This board has no such section.");
        // A section counts its secret pins too, so the numbers are its owner's.
        var isOwn = visitor.Access.Is(board.Body.Owner);
        var counts = isOwn ? await reader.SectionCountsAsync([.. sections.Select(s => s.Id)], cancellation) : null;
        var href = Routes.Board(owner.Body.Username, board.Body.Slug);
        var here = chosen.IsNone ? href : $"{href}?section={chosen}";
        return new PageResult(new BoardView
        {
            Title = board.Body.Name,
            Viewer = visitor.Shown,
            Notice = Notices.Take(http),
            Social = board.Body.IsSecret ? null
                : SocialCards.Of(http, href, board.Body.Name, board.Body.Description, board.Body.Covers),
            Id = board.Id.ToString(),
            Name = board.Body.Name,
            Href = href,
            Owner = new Person(owner.Body.Username, owner.Body.DisplayName),
            About = board.Body.Description,
            PinCount = await reader.CountAsync(visitor.Access, board, cancellation),
            Secret = board.Body.IsSecret,
            Own = isOwn,
            Sections =
                [.. sections.Select(
                    (s, i) => new SectionLink($"{href}?section={s.Id}", s.Body.Name, counts?[i], s.Id == chosen))],
            Feed = Cards.Feed(page.Pins, page.Next, here, visitor),
        });
    }

    static async Task<IResult> CreateAsync(
        [FromForm] string? name, [FromForm] string? about, [FromForm] string? secret, Visitor visitor,
            BoardService boards, HttpContext http,
        CancellationToken cancellation)
    {
        try
        {
            var id = await boards.CreateAsync(visitor.UserId, name, about, secret is not null, cancellation);
            var board = await boards.GetAsync(visitor.Access, id, cancellation);
            Notices.Say(http, $"{board.Body.Name} is ready for its first pin.");
            return Results.LocalRedirect(Routes.Board(visitor.Shown!.Username, board.Body.Slug));
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            return new PageResult(new BoardFormView
            {
                Title = "New board",
                Viewer = visitor.Shown,
                Action = Routes.NewBoard,
                CancelHref = Routes.Home,
                Name = name,
                About = about,
                Secret = secret is not null,
                Errors = new Dictionary<string, string> { ["name"] = e.Message },
            });
        }
    }

    static async Task<IResult> EditAsync(
        string id, Visitor visitor, BoardService boards, CancellationToken cancellation) =>
        new PageResult(await FormAsync(ObjectId<Board>.Parse(id), visitor, boards, cancellation));

    static async Task<IResult> UpdateAsync(
        string id, Visitor visitor, BoardService boards, HttpContext http, [FromForm] string? name,
            [FromForm] string? about,
        [FromForm] string? secret, CancellationToken cancellation)
    {
        var board = ObjectId<Board>.Parse(id);
        var form = await http.Request.ReadFormAsync(cancellation);
        try
        {
            await boards.UpdateAsync(visitor.Access, board, name, about, secret is not null, cancellation);
            foreach (var (section, sectionName) in form["sectionId"].Zip(form["section"]))
                await ChangeSectionAsync(board, section, Text.OneLine(sectionName), visitor, boards, cancellation);
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            var view = await FormAsync(board, visitor, boards, cancellation);
            return new PageResult(
                view with { Name = name, About = about, Secret = secret is not null, Errors = Forms.Whole(e) });
        }
        Notices.Say(http, "Saved.");
        var saved = await boards.GetAsync(visitor.Access, board, cancellation);
        return Results.LocalRedirect(Routes.Board(visitor.Shown!.Username, saved.Body.Slug));
    }

    static async Task ChangeSectionAsync(
        ObjectId<Board> board, string? section, string name, Visitor visitor, BoardService boards,
            CancellationToken cancellation)
    {
        if (!ObjectId<Section>.TryParse(section, null, out var id))
        {
            if (name.Length > 0)
                await boards.GetOrCreateSectionAsync(board, name, cancellation);
        }
        else if (name.Length > 0)
            await boards.RenameSectionAsync(visitor.Access, id, name, cancellation);
        else
            await boards.DeleteSectionAsync(visitor.Access, id, cancellation);
    }

    static async Task<IResult> ConfirmAsync(
        string id, Visitor visitor, BoardService boards, BoardReader reader, CancellationToken cancellation)
    {
        var board = await OwnAsync(ObjectId<Board>.Parse(id), visitor, boards, cancellation);
        var count = await reader.CountAsync(visitor.Access, board, cancellation);
        return new PageResult(new ConfirmView
        {
            Title = "Delete board",
            Viewer = visitor.Shown,
            Question = $"Delete {board.Body.Name}?",
            Consequence = count == 0 ? "It is empty." : $"Its {count:N0} pins go with it. This cannot be undone.",
            Action = Routes.DeleteBoard(id),
            Verb = "Delete the board",
            CancelHref = Routes.Board(visitor.Shown!.Username, board.Body.Slug),
        });
    }

    static async Task<IResult> DeleteAsync(
        string id, [FromForm] string? _, Visitor visitor, BoardService boards, HttpContext http,
        CancellationToken cancellation)
    {
        var board = await OwnAsync(ObjectId<Board>.Parse(id), visitor, boards, cancellation);
        await boards.DeleteAsync(visitor.Access, board.Id, cancellation);
        Notices.Say(http, $"{board.Body.Name} is gone.");
        return Results.LocalRedirect(Routes.Profile(visitor.Shown!.Username));
    }

    static async Task<BoardFormView> FormAsync(
        ObjectId<Board> id, Visitor visitor, BoardService boards, CancellationToken cancellation)
    {
        var board = await OwnAsync(id, visitor, boards, cancellation);
        var sections = await boards.ListSectionsAsync(id, cancellation);
        return new BoardFormView
        {
            Title = "Edit board",
            Viewer = visitor.Shown,
            Action = Routes.EditBoard(id.ToString()),
            CancelHref = Routes.Board(visitor.Shown!.Username, board.Body.Slug),
            DeleteHref = Routes.DeleteBoard(id.ToString()),
            Name = board.Body.Name,
            About = board.Body.Description,
            Secret = board.Body.IsSecret,
            Sections = [.. sections.Select(s => new SectionChoice(s.Id.ToString(), s.Body.Name))],
        };
    }

    static async Task<Stored<Board>> OwnAsync(
        ObjectId<Board> id, Visitor visitor, BoardService boards, CancellationToken cancellation)
    {
        var board = await boards.GetAsync(visitor.Access, id, cancellation);
        Access.Visibility.RefuseUnlessOwner(visitor.Access, board.Body.Owner);
        return board;
    }
}
