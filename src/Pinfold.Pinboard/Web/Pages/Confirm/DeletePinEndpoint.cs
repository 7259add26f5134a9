using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Web.Pages.Confirm;

/// <summary>Deletes a pin, after asking once more.</summary>
static class DeletePinEndpoint
{
    public static void MapDeletePin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}/delete", ConfirmAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/delete", DeleteAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> ConfirmAsync(string id, Caller caller, PinService pins, CancellationToken cancellation)
    {
        await pins.GetOwnAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        return new PageResult(new ConfirmView
        {
            Title = "Delete pin",
            SignedIn = caller.Person,
            Question = "Delete this pin?",
            Consequence = "Others who saved it keep theirs. This cannot be undone.",
            Action = Routes.DeletePin(id),
            Verb = "Delete the pin",
            CancelHref = Routes.Pin(id),
        });
    }

    static async Task<IResult> DeleteAsync(
        string id, [FromForm] string? _, Caller caller, PinService pins, ShardedStore store, HttpContext http,
            CancellationToken cancellation)
    {
        var (pin, board) = await pins.GetOwnAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        await pins.DeleteAsync(caller.Viewer, pin.Id, cancellation);
        Notices.Say(http, "The pin is gone.");
        var owner = (await store.GetAsync(board.Body.Owner, cancellation)).Body;
        return Results.LocalRedirect(Routes.Board(owner.Username, board.Body.Slug));
    }
}
