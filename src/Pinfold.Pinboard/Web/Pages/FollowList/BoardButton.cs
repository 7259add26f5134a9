using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.FollowList;

/// <summary>A press on one of the buttons by which a board is followed, and what it needs.</summary>
sealed class BoardButton
{
    /// <summary>Of the board.</summary>
    public required string Id { get; init; }

    /// <summary>Of the page that the button was on.</summary>
    [FromForm(Name = "return")]
    public string? Path { get; init; }

    public required Caller Caller { get; init; }

    public required BoardService Boards { get; init; }

    public required UserService Users { get; init; }

    public required BoardFollowService Follows { get; init; }

    public required HttpContext Http { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Changes how the board is followed. The notice names no board: it may be secret by the time that the next page is
    /// asked for.
    /// </summary>
    public async Task<IResult> ChangeAsync(
        Func<BoardFollowService, Viewer, ObjectId<Board>, CancellationToken, Task> change, string notice)
    {
        var board = await Boards.GetAsync(Caller.Viewer, RouteId.Board(Id), Cancellation);
        await change(Follows, Caller.Viewer, board.Id, Cancellation);
        Notices.Say(Http, notice);
        var owner = await Users.FindAsync(board.Body.Owner, Cancellation);
        return Results.LocalRedirect(LocalPath.Of(Path)
            ?? (owner is null ? Routes.Home : Routes.Board(owner.Body.Username, board.Body.Slug)));
    }
}
