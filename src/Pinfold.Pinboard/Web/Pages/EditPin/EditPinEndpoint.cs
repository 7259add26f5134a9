using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.EditPin;

/// <summary>Changes what a pin says and where it is.</summary>
static class EditPinEndpoint
{
    public static void MapEditPin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}/edit", EditAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/edit", UpdateAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes);
    }

    static async Task<IResult> EditAsync(
        string id, Caller caller, PinService pins, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(await FormAsync(RouteId.Pin(id), caller, pins, choices, cancellation));

    static async Task<IResult> UpdateAsync(
        string id, [FromForm] string? title, [FromForm] string? description, [FromForm] string? url,
        [FromForm] string? tags, [FromForm] string? place, [FromForm] string? newBoard, Caller caller, PinService pins,
        BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var pin = RouteId.Pin(id);
        var (before, _) = await pins.GetOwnAsync(caller.Viewer, pin, cancellation);
        var errors = new Dictionary<string, string>();
        FormErrors.Check(errors, "title", () => PinText.Title(title));
        FormErrors.Check(errors, "description", () => PinText.Description(description));
        FormErrors.Check(errors, "url", () => PinText.Link(url));
        var names = tags is null ? null : FormErrors.Check(errors, "tags", () => TagName.ParseList(tags));
        var (board, section) = (before.Body.Board, before.Body.Section);
        if (errors.Count == 0 && !string.IsNullOrEmpty(place))
            (board, section) = await choices.GetOrCreateAsync(caller, "place", place, newBoard, errors, cancellation);
        if (errors.Count == 0)
            await FormErrors.CheckAsync(errors, "place", async () =>
            {
                await pins.UpdateAsync(
                    caller.Viewer, pin, title, description, url, before.Body.IsSecret, board, section, cancellation,
                    names);
                return true;
            });
        if (errors.Count > 0)
        {
            var view = await FormAsync(pin, caller, pins, choices, cancellation);
            return new PageResult(view with
            {
                Name = title,
                Description = description,
                Url = url,
                Tags = tags,
                PlaceId = string.IsNullOrEmpty(place) ? view.PlaceId : place,
                Errors = errors,
            });
        }
        Notices.Say(http, WebLink.Noted("Saved.", url));
        return Results.LocalRedirect(Routes.Pin(id));
    }

    static async Task<EditPinView> FormAsync(
        ObjectId<Pin> id, Caller caller, PinService pins, BoardChoices choices, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetOwnAsync(caller.Viewer, id, cancellation);
        return new EditPinView
        {
            Title = "Edit pin",
            SignedIn = caller.Person,
            Id = id.ToString(),
            Name = pin.Body.Title,
            Description = pin.Body.Description,
            Url = WebLink.Shown(pin.Body.Link),
            Tags = string.Join(", ", (pin.Body.Tags ?? []).Select(TagName.Find).OfType<TagName>().Select(t => t.Name)),
            PlaceId = pin.Body.Section.IsNone ? $"{pin.Body.Board}" : $"{pin.Body.Board}/{pin.Body.Section}",
            Boards = await choices.ListAsync(caller.UserId, cancellation),
            Card = CardMaker.Of(id, pin.Body, caller),
        };
    }
}
