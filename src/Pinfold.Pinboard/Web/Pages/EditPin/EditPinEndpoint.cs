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
            [FromForm] string? tags, [FromForm] string? place,
        Caller caller, PinService pins, BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var pin = RouteId.Pin(id);
        try
        {
            var (before, _) = await pins.GetOwnAsync(caller.Viewer, pin, cancellation);
            var (board, section) = Place(place, before.Body);
            await pins.UpdateAsync(
                caller.Viewer, pin, title, description, url, before.Body.IsSecret, board, section, cancellation,
                tags is null ? null : TagName.ParseList(tags));
        }
        catch (PinfoldException e) when (FormErrors.IsOfInput(e))
        {
            var view = await FormAsync(pin, caller, pins, choices, cancellation);
            return new PageResult(
                view with { Name = title, Description = description, Url = url, Tags = tags, Errors = FormErrors.Whole(e) });
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
            BoardId = pin.Body.Board.ToString(),
            SectionId = pin.Body.Section.IsNone ? null : pin.Body.Section.ToString(),
            Boards = await choices.ListAsync(caller.UserId, withSections: true, cancellation),
            Card = CardMaker.Of(id, pin.Body, caller),
        };
    }

    static (ObjectId<Board> Board, ObjectId<Section> Section) Place(string? place, Pin before)
    {
        if (string.IsNullOrEmpty(place))
            return (before.Board, before.Section);
        var parts = place.Split('/', 2);
        return (RouteId.Board(parts[0]), parts.Length == 2 ? RouteId.Section(parts[1]) : default);
    }
}
