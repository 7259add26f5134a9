using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Confirm;

/// <summary>Deletes a comment of one's own, or of one's own pin, after asking once more.</summary>
static class DeleteCommentEndpoint
{
    public static void MapDeleteComment(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/comments/{id}/delete", ConfirmAsync).RequireAuthorization();
        routes.MapPost("/comments/{id}/delete", DeleteAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ConfirmAsync(
        string id, Caller caller, CommentService comments, CancellationToken cancellation)
    {
        var (comment, pin) = await comments.GetDeletableAsync(caller.Viewer, RouteId.Comment(id), cancellation);
        return new PageResult(new ConfirmView
        {
            Title = "Delete comment",
            SignedIn = caller.Person,
            Question = "Delete this comment?",
            Consequence = caller.Viewer.Is(comment.Body.Author)
                ? "What you wrote is erased. This cannot be undone."
                : "What they wrote is erased; they are not told. This cannot be undone.",
            Action = Routes.DeleteComment(id),
            Verb = "Delete the comment",
            CancelHref = Routes.Pin($"{pin.Id}"),
        });
    }

    static async Task<IResult> DeleteAsync(
        string id, [FromForm] string? _, Caller caller, CommentService comments, HttpContext http,
        CancellationToken cancellation)
    {
        var (comment, pin) = await comments.GetDeletableAsync(caller.Viewer, RouteId.Comment(id), cancellation);
        await comments.DeleteAsync(caller.Viewer, comment.Id, cancellation);
        Notices.Say(http, "The comment is gone.");
        return Results.LocalRedirect($"{Routes.Pin($"{pin.Id}")}#comments");
    }
}
