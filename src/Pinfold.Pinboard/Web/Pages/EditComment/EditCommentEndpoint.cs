using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.EditComment;

/// <summary>Changes what one's own comment says.</summary>
static class EditCommentEndpoint
{
    public static void MapEditComment(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/comments/{id}/edit", FormAsync).RequireAuthorization();
        routes.MapPost("/comments/{id}/edit", EditAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> FormAsync(
        string id, Caller caller, CommentService comments, CancellationToken cancellation)
    {
        var (comment, _) = await comments.GetOwnAsync(caller.Viewer, RouteId.Comment(id), cancellation);
        return new PageResult(ViewOf(comment, comment.Body.Text, caller));
    }

    static async Task<IResult> EditAsync(
        string id, [FromForm] string? text, Caller caller, CommentService comments, HttpContext http,
        CancellationToken cancellation)
    {
        var (comment, _) = await comments.GetOwnAsync(caller.Viewer, RouteId.Comment(id), cancellation);
        try
        {
            await comments.EditAsync(caller.Viewer, comment.Id, text, cancellation);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden)
        {
            return new PageResult(ViewOf(comment, text, caller) with
            {
                Errors = new Dictionary<string, string> { ["text"] = e.Message },
            });
        }
        Notices.Say(http, "Saved.");
        return Results.LocalRedirect($"{Routes.Pin($"{comment.Body.Pin}")}#comment-{comment.Id}");
    }

    static EditCommentView ViewOf(Stored<Comment> comment, string? text, Caller caller) => new()
    {
        Title = "Edit comment",
        SignedIn = caller.Person,
        Id = comment.Id.ToString(),
        PinId = comment.Body.Pin.ToString(),
        Text = text,
    };
}
