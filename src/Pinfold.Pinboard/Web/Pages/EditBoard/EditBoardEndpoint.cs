using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.EditBoard;

/// <summary>Makes a board, or changes one and its sections.</summary>
static class EditBoardEndpoint
{
    public static void MapEditBoard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewBoard, (Caller caller) => new PageResult(new EditBoardView
        {
            Title = "New board",
            SignedIn = caller.Person,
            Action = Routes.NewBoard,
            CancelHref = Routes.Home,
        })).RequireAuthorization();
        routes.MapPost(Routes.NewBoard, CreateAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
        routes.MapGet("/boards/{id}/edit", EditAsync).RequireAuthorization();
        routes.MapPost("/boards/{id}/edit", UpdateAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> CreateAsync(
        [FromForm] string? name, [FromForm] string? about, [FromForm] string? secret, Caller caller,
            BoardService boards, HttpContext http,
        CancellationToken cancellation)
    {
        var errors = CheckWords(about);
        var id = errors.Count > 0 ? default : await FormErrors.CheckAsync(errors, "name",
            () => boards.CreateAsync(caller.UserId, name, about, secret is not null, cancellation));
        if (errors.Count > 0)
            return new PageResult(new EditBoardView
            {
                Title = "New board",
                SignedIn = caller.Person,
                Action = Routes.NewBoard,
                CancelHref = Routes.Home,
                Name = name,
                About = about,
                Secret = secret is not null,
                Errors = errors,
            });
        var board = await boards.GetAsync(caller.Viewer, id, cancellation);
        Notices.Say(http, $"{board.Body.Name} is ready for its first pin.");
        return Results.LocalRedirect(Routes.Board(caller.Person!.Username, board.Body.Slug));
    }

    static Dictionary<string, string> CheckWords(string? about)
    {
        var errors = new Dictionary<string, string>();
        FormErrors.Check(errors, "about", () => Text.Paragraph(about, Board.DescriptionLengthMax, "A description"));
        return errors;
    }

    static async Task<IResult> EditAsync(
        string id, Caller caller, BoardService boards, CancellationToken cancellation) =>
        new PageResult(await FormAsync(RouteId.Board(id), caller, boards, cancellation));

    static async Task<IResult> UpdateAsync(
        string id, Caller caller, BoardService boards, HttpContext http, [FromForm] string? name,
            [FromForm] string? about,
        [FromForm] string? secret, CancellationToken cancellation)
    {
        var board = RouteId.Board(id);
        var form = await http.Request.ReadFormAsync(cancellation);
        await RefuseUnlessItsSectionsAsync(board, form["sectionId"], caller, boards, cancellation);
        var errors = CheckWords(about);
        if (errors.Count == 0)
            await FormErrors.CheckAsync(errors, "name", async () =>
            {
                await boards.UpdateAsync(caller.Viewer, board, name, about, secret is not null, cancellation);
                return true;
            });
        foreach (var (section, sectionName) in form["sectionId"].Zip(form["section"]))
            if (errors.Count == 0)
                await FormErrors.CheckAsync(errors, "section", async () =>
                {
                    await ChangeSectionAsync(board, section, Text.OneLine(sectionName), caller, boards, cancellation);
                    return true;
                });
        if (errors.Count > 0)
        {
            var view = await FormAsync(board, caller, boards, cancellation);
            return new PageResult(
                view with { Name = name, About = about, Secret = secret is not null, Errors = errors });
        }
        Notices.Say(http, "Saved.");
        var saved = await boards.GetAsync(caller.Viewer, board, cancellation);
        return Results.LocalRedirect(Routes.Board(caller.Person!.Username, saved.Body.Slug));
    }

    /// <summary>Before anything is changed: a section of another board is as one that is not there.</summary>
    static async Task RefuseUnlessItsSectionsAsync(
        ObjectId<Board> id, StringValues sections, Caller caller, BoardService boards, CancellationToken cancellation)
    {
        await boards.GetOwnAsync(caller.Viewer, id, cancellation);
        var own = (await boards.ListSectionsAsync(id, cancellation)).Select(s => s.Id.ToString());
        if (sections.Any(s => !string.IsNullOrEmpty(s) && !own.Contains(s)))
            throw NotThere.Section();
    }

    static async Task ChangeSectionAsync(
        ObjectId<Board> board, string? section, string name, Caller caller, BoardService boards,
            CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(section))
        {
            if (name.Length > 0)
                await boards.GetOrCreateSectionAsync(board, name, cancellation);
        }
        else if (name.Length > 0)
            await boards.RenameSectionAsync(caller.Viewer, RouteId.Section(section), name, cancellation);
        else
            await boards.DeleteSectionAsync(caller.Viewer, RouteId.Section(section), cancellation);
    }

    static async Task<EditBoardView> FormAsync(
        ObjectId<Board> id, Caller caller, BoardService boards, CancellationToken cancellation)
    {
        var board = await boards.GetOwnAsync(caller.Viewer, id, cancellation);
        var sections = await boards.ListSectionsAsync(id, cancellation);
        return new EditBoardView
        {
            Title = "Edit board",
            SignedIn = caller.Person,
            Action = Routes.EditBoard(id.ToString()),
            CancelHref = Routes.Board(caller.Person!.Username, board.Body.Slug),
            DeleteHref = Routes.DeleteBoard(id.ToString()),
            Name = board.Body.Name,
            About = board.Body.Description,
            Secret = board.Body.IsSecret,
            Sections = [.. sections.Select(s => new SectionChoice(s.Id.ToString(), s.Body.Name))],
        };
    }
}
