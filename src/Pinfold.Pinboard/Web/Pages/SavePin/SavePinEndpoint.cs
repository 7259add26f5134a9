using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.SavePin;

/// <summary>Puts a pin on a board of one's own.</summary>
static class SavePinEndpoint
{
    public static void MapSavePin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}/save", SaveFormAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/save", SaveAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> SaveFormAsync(
        string id, Caller caller, PinService pins, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(await SaveViewAsync(RouteId.Pin(id), caller, pins, choices, cancellation));

    static async Task<IResult> SaveAsync(
        string id, [FromForm] string? board, [FromForm] string? newBoard, Caller caller, PinService pins,
            BoardService boards,
        BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var pin = RouteId.Pin(id);
        var errors = new Dictionary<string, string>();
        // Before a board is made for it.
        await pins.RefuseUnlessSavableAsync(caller.Viewer, pin, cancellation);
        var (target, section) = await choices.GetOrCreateAsync(
            caller, "board", board, newBoard, errors, cancellation);
        if (errors.Count == 0)
            await FormErrors.CheckAsync(
                errors, "board", () => pins.SaveAsync(caller.Viewer, pin, target, section, cancellation));
        if (errors.Count > 0)
            return new PageResult(
                await SaveViewAsync(pin, caller, pins, choices, cancellation) with { Errors = errors });
        Notices.Say(http, $"Saved to {(await boards.GetAsync(caller.Viewer, target, cancellation)).Body.Name}.");
        return Results.LocalRedirect(Routes.Pin(id));
    }

    static async Task<SavePinView> SaveViewAsync(
        ObjectId<Pin> id, Caller caller, PinService pins, BoardChoices choices, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(caller.Viewer, id, cancellation);
        return new SavePinView
        {
            Title = "Save to a board",
            SignedIn = caller.Person,
            Id = id.ToString(),
            Card = CardMaker.Of(id, pin.Body, caller),
            Boards = await choices.ListAsync(caller.UserId, cancellation),
        };
    }
}
