using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.ShowComments;

/// <summary>All comments of a pin, newest first; and what adds one.</summary>
static class ShowCommentsEndpoint
{
    public static void MapShowComments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}/comments", ShowAsync);
        routes.MapPost("/pin/{id}/comments", AddAsync).RequireAuthorization()
            .RequireRateLimiting(RateLimits.Comments);
    }

    static async Task<IResult> ShowAsync(
        string id, string? cursor, Caller caller, PinService pins, CommentReader comments, FeedCursors cursors,
        HttpContext http, CancellationToken cancellation)
    {
        var view = await ViewAsync(RouteId.Pin(id), cursor, caller, pins, comments, cursors, cancellation);
        return new PageResult(view with { Notice = Notices.Take(http) });
    }

    static async Task<IResult> AddAsync(
        string id, [FromForm] string? text, Caller caller, PinService pins, CommentService service,
        CommentReader comments, FeedCursors cursors, HttpContext http, CancellationToken cancellation)
    {
        var pin = RouteId.Pin(id);
        try
        {
            var comment = await service.AddAsync(caller.Viewer, pin, text, cancellation);
            Notices.Say(http, "Your comment is there.");
            return Results.LocalRedirect($"{Routes.Pin($"{pin}")}#comment-{comment}");
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden)
        {
            // What was typed is not lost.
            var view = await ViewAsync(pin, null, caller, pins, comments, cursors, cancellation);
            return new PageResult(view with
            {
                Text = text,
                Errors = new Dictionary<string, string> { ["text"] = e.Message },
            });
        }
    }

    static async Task<ShowCommentsView> ViewAsync(
        ObjectId<Pin> id, string? cursor, Caller caller, PinService pins, CommentReader comments,
        FeedCursors cursors, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(caller.Viewer, id, cancellation);
        var here = Routes.Comments(id.ToString());
        var page = await comments.PageAsync(
            caller.Viewer, id, cursors.Open(cursor, here, isOwn: false), cancellation);
        return new ShowCommentsView
        {
            Title = "Comments",
            SignedIn = caller.Person,
            PinId = id.ToString(),
            Card = CardMaker.Of(id, pin.Body, caller),
            Comments = [.. page.Comments.Select(c => CommentView.Of(c, pin.Body.Owner, caller))],
            NextHref = cursors.NextHref(page.Next, here, isOwn: false),
        };
    }
}
