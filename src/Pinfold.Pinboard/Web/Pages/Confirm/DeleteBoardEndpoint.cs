using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Confirm;

/// <summary>Deletes a board with its pins, after asking once more.</summary>
static class DeleteBoardEndpoint
{
    public static void MapDeleteBoard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/boards/{id}/delete", ConfirmAsync).RequireAuthorization();
        routes.MapPost("/boards/{id}/delete", DeleteAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ConfirmAsync(
        string id, Caller caller, BoardService boards, BoardReader reader, CancellationToken cancellation)
    {
        var board = await boards.GetOwnAsync(caller.Viewer, RouteId.Board(id), cancellation);
        var count = await reader.CountAsync(caller.Viewer, board, cancellation);
        return new PageResult(new ConfirmView
        {
            Title = "Delete board",
            SignedIn = caller.Person,
            Question = $"Delete {board.Body.Name}?",
            Consequence = count switch
            {
                0 => "It is empty.",
                1 => "Its one pin goes with it. This cannot be undone.",
                _ => $"Its {count:N0} pins go with it. This cannot be undone.",
            },
            Action = Routes.DeleteBoard(id),
            Verb = "Delete the board",
            CancelHref = Routes.Board(caller.Person!.Username, board.Body.Slug),
        });
    }

    static async Task<IResult> DeleteAsync(
        string id, [FromForm] string? _, Caller caller, BoardService boards, HttpContext http,
        CancellationToken cancellation)
    {
        var board = await boards.GetOwnAsync(caller.Viewer, RouteId.Board(id), cancellation);
        await boards.DeleteAsync(caller.Viewer, board.Id, cancellation);
        Notices.Say(http, $"{board.Body.Name} is gone.");
        return Results.LocalRedirect(Routes.Profile(caller.Person!.Username));
    }
}
