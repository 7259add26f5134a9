using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Hosting;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Models;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Web.Endpoints;

/// <summary>A pin's page, and what its owner and others can do with it.</summary>
static class PinPages
{
    const int MoreMax = 24;

    public static void MapPins(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}", ShowAsync);
        routes.MapGet("/pin/{id}/edit", EditAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/edit", UpdateAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapGet("/pin/{id}/delete", ConfirmAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/delete", DeleteAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapGet("/pin/{id}/save", SaveFormAsync).RequireAuthorization();
        routes.MapPost("/pin/{id}/save", SaveAsync).RequireAuthorization().RequireRateLimiting(Limits.Writes);
        routes.MapPost("/pin/{id}/retry", RetryAsync).RequireAuthorization().RequireRateLimiting(Limits.Fetches);
    }

    static async Task<IResult> ShowAsync(
        string id, Visitor visitor, PinService pins, BoardReader boards, ShardedStore store, PinboardSettings settings,
            HttpContext http, CancellationToken cancellation)
    {
        var (pin, board) = await pins.GetAsync(visitor.Access, ObjectId<Pin>.Parse(id), cancellation);
        var owner = (await store.GetAsync(pin.Body.Owner, cancellation)).Body;
        var section = pin.Body.Section.IsNone ? null : await store.FindAsync(pin.Body.Section, cancellation);
        var more = await boards.PinsAsync(visitor.Access, board.Id, default, null, cancellation);
        var picture = Cards.PictureOf(pin.Id, pin.Body);
        var isPublic = !board.Body.IsSecret && !pin.Body.IsSecret;
        return new PageResult(new PinView
        {
            Title = Cards.Of(pin.Id, pin.Body, visitor).Name,
            Viewer = visitor.Shown,
            Notice = Notices.Take(http),
            Social = isPublic
                ? SocialCards.Of(http, Routes.Pin(id), pin.Body.Title, pin.Body.Description, picture?.Sources[^1].Url)
                : null,
            Id = id,
            Name = pin.Body.Title is "" ? null : pin.Body.Title,
            Description = pin.Body.Description,
            State = Cards.StateOf(pin.Body, visitor),
            Picture = picture,
            Failure = Cards.ProblemOf(pin.Body, visitor),
            FailedToFetch = pin.Body.Picture is { Hash: null, FetchFrom: not null },
            CanFetch = settings.FetchFromWeb,
            SourceUrl = pin.Body.Link,
            Host = Cards.HostOf(pin.Body.Link),
            Owner = new Person(owner.Username, owner.DisplayName),
            BoardName = board.Body.Name,
            BoardHref = Routes.Board(owner.Username, board.Body.Slug),
            SectionName = section?.Body.Name,
            Secret = !isPublic,
            At = pin.Body.CreatedAt,
            Own = visitor.Access.Is(pin.Body.Owner),
            More = Cards.Feed([.. more.Pins.Where(p => p.Id != pin.Id).Take(MoreMax)], null, "", visitor),
        });
    }

    static async Task<IResult> EditAsync(
        string id, Visitor visitor, PinService pins, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(await FormAsync(ObjectId<Pin>.Parse(id), visitor, pins, choices, cancellation));

    static async Task<IResult> UpdateAsync(
        string id, [FromForm] string? title, [FromForm] string? description, [FromForm] string? url,
            [FromForm] string? place,
        Visitor visitor, PinService pins, BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var pin = ObjectId<Pin>.Parse(id);
        try
        {
            var (before, _) = await pins.GetAsync(visitor.Access, pin, cancellation);
            var (board, section) = Place(place, before.Body);
            await pins.UpdateAsync(
                visitor.Access, pin, title, description, url, before.Body.IsSecret, board, section, cancellation);
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            var view = await FormAsync(pin, visitor, pins, choices, cancellation);
            return new PageResult(
                view with { Name = title, Description = description, Url = url, Errors = Forms.Whole(e) });
        }
        Notices.Say(http, "Saved.");
        return Results.LocalRedirect(Routes.Pin(id));
    }

    static async Task<IResult> ConfirmAsync(string id, Visitor visitor, PinService pins, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(visitor.Access, ObjectId<Pin>.Parse(id), cancellation);
        Access.Visibility.RefuseUnlessOwner(visitor.Access, pin.Body.Owner);
        return new PageResult(new ConfirmView
        {
            Title = "Delete pin",
            Viewer = visitor.Shown,
            Question = "Delete this pin?",
            Consequence = "Others who saved it keep theirs. This cannot be undone.",
            Action = Routes.DeletePin(id),
            Verb = "Delete the pin",
            CancelHref = Routes.Pin(id),
        });
    }

    static async Task<IResult> DeleteAsync(
        string id, [FromForm] string? _, Visitor visitor, PinService pins, ShardedStore store, HttpContext http,
            CancellationToken cancellation)
    {
        var (pin, board) = await pins.GetAsync(visitor.Access, ObjectId<Pin>.Parse(id), cancellation);
        await pins.DeleteAsync(visitor.Access, pin.Id, cancellation);
        Notices.Say(http, "The pin is gone.");
        var owner = (await store.GetAsync(board.Body.Owner, cancellation)).Body;
        return Results.LocalRedirect(Routes.Board(owner.Username, board.Body.Slug));
    }

    static async Task<IResult> SaveFormAsync(
        string id, Visitor visitor, PinService pins, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(await SaveViewAsync(ObjectId<Pin>.Parse(id), visitor, pins, choices, cancellation));

    static async Task<IResult> SaveAsync(
        string id, [FromForm] string? board, [FromForm] string? newBoard, Visitor visitor, PinService pins,
            BoardService boards,
        BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var pin = ObjectId<Pin>.Parse(id);
        try
        {
            var target = await choices.GetOrCreateAsync(visitor, board, newBoard, cancellation);
            await pins.SaveAsync(visitor.Access, pin, target, cancellation);
            Notices.Say(http, $"Saved to {(await boards.GetAsync(visitor.Access, target, cancellation)).Body.Name}.");
            return Results.LocalRedirect(Routes.Pin(id));
        }
        catch (PinfoldException e) when (Forms.IsOfInput(e))
        {
            var view = await SaveViewAsync(pin, visitor, pins, choices, cancellation);
            return new PageResult(view with { Errors = new Dictionary<string, string> { ["board"] = e.Message } });
        }
    }

    static async Task<IResult> RetryAsync(
        string id, [FromForm] string? _, Visitor visitor, PinService pins, CancellationToken cancellation)
    {
        await pins.RetryPictureAsync(visitor.Access, ObjectId<Pin>.Parse(id), cancellation);
        return Results.LocalRedirect(Routes.Pin(id));
    }

    static async Task<EditPinView> FormAsync(
        ObjectId<Pin> id, Visitor visitor, PinService pins, BoardChoices choices, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(visitor.Access, id, cancellation);
        Access.Visibility.RefuseUnlessOwner(visitor.Access, pin.Body.Owner);
        return new EditPinView
        {
            Title = "Edit pin",
            Viewer = visitor.Shown,
            Id = id.ToString(),
            Name = pin.Body.Title,
            Description = pin.Body.Description,
            Url = pin.Body.Link,
            BoardId = pin.Body.Board.ToString(),
            SectionId = pin.Body.Section.IsNone ? null : pin.Body.Section.ToString(),
            Boards = await choices.ListAsync(visitor.UserId, withSections: true, cancellation),
            Card = Cards.Of(id, pin.Body, visitor),
        };
    }

    static async Task<SavePinView> SaveViewAsync(
        ObjectId<Pin> id, Visitor visitor, PinService pins, BoardChoices choices, CancellationToken cancellation)
    {
        var (pin, _) = await pins.GetAsync(visitor.Access, id, cancellation);
        return new SavePinView
        {
            Title = "Save to a board",
            Viewer = visitor.Shown,
            Id = id.ToString(),
            Card = Cards.Of(id, pin.Body, visitor),
            Boards = await choices.ListAsync(visitor.UserId, withSections: false, cancellation),
        };
    }

    static (ObjectId<Board> Board, ObjectId<Section> Section) Place(string? place, Pin before)
    {
        if (string.IsNullOrEmpty(place))
            return (before.Board, before.Section);
        var parts = place.Split('/', 2);
        return (ObjectId<Board>.Parse(parts[0]), parts.Length == 2 ? ObjectId<Section>.Parse(parts[1]) : default);
    }
}
