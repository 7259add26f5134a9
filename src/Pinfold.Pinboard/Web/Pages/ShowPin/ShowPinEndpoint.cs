using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Links;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Responses;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Pinboard.Web.Cards;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Web.Pages.ShowPin;

/// <summary>A pin's page.</summary>
static class ShowPinEndpoint
{
    const int MoreMax = 24;

    public static void MapShowPin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pin/{id}", ShowAsync);
        routes.MapPost("/pin/{id}/retry", RetryAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Fetches);
    }

    static async Task<IResult> ShowAsync(
        string id, Caller caller, PinService pins, BoardReader boards, ShardedStore store, PinboardSettings settings,
            RelatedPins related, ResponseReader responses, CardFiller cards, HttpContext http,
            CancellationToken cancellation)
    {
        var (pin, board) = await pins.GetAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        var owner = (await store.GetAsync(pin.Body.Owner, cancellation)).Body;
        var section = pin.Body.Section.IsNone ? null : await store.FindAsync(pin.Body.Section, cancellation);
        var more = await boards.PinsAsync(caller.Viewer, board, default, null, cancellation);
        var beside = await boards.NeighboursAsync(caller.Viewer, board, pin, cancellation);
        var onBoard = more.Pins.Where(p => p.Id != pin.Id).Take(MoreMax).ToList();
        var (same, like) = await RelatedAsync(related, caller, pin, cancellation);
        var said = await responses.ReadAsync(caller.Viewer, pin, cancellation);
        var feeds = await cards.FillAsync(
            [
                CardMaker.Feed(onBoard, null, "", caller),
                CardMaker.Feed([.. same.ExceptBy(onBoard.Select(p => p.Id), p => p.Id)], null, "", caller),
                CardMaker.Feed([.. like.ExceptBy(onBoard.Select(p => p.Id), p => p.Id)], null, "", caller),
            ], caller, cancellation);
        var name = CardMaker.Of(pin.Id, pin.Body, caller).Name;
        var picture = CardMaker.PictureOf(pin.Id, pin.Body);
        var isOwn = caller.Viewer.Is(pin.Body.Owner);
        var isPublic = !board.Body.IsSecret && !pin.Body.IsSecret;
        return new PageResult(new ShowPinView
        {
            Title = name,
            SignedIn = caller.Person,
            Notice = Notices.Take(http),
            Social = isPublic
                ? SocialCards.Of(http, Routes.Pin(id), pin.Body.Title, pin.Body.Description, picture is null ? null
                    : PictureEndpoint.Url(pin.Id, pin.Body.Picture!.Hash!, SocialCards.PictureWidth))
                : null,
            Id = id,
            Name = pin.Body.Title is "" ? null : pin.Body.Title,
            Description = pin.Body.Description,
            State = CardMaker.StateOf(pin.Body, caller),
            Picture = picture,
            OriginalHref = isOwn && picture is not null
                ? PictureEndpoint.OriginalUrl(pin.Id, pin.Body.Picture!.Hash!) : null,
            OriginalBytes = pin.Body.Picture?.Bytes ?? 0,
            PreviousHref = beside.Newer is { } newer ? Routes.Pin($"{newer}") : null,
            NextHref = beside.Older is { } older ? Routes.Pin($"{older}") : null,
            StaysStill = pin.Body.Picture is { Motion: PictureMotion.TooMuch },
            Failure = CardMaker.ProblemOf(pin.Body, caller),
            FailedToFetch = pin.Body.Picture is { Hash: null, FetchFrom: not null },
            IsFetchedAgain = pin.Body.Picture is { FetchAgainAt: not null },
            CanFetch = settings.FetchFromWeb,
            SourceUrl = WebLink.Shown(pin.Body.Link),
            Host = SiteName.Of(pin.Body.Link),
            SourceHost = SiteName.HostOf(pin.Body.Link),
            IconUrl = pin.Body.Icon is { } icon ? PictureEndpoint.IconUrl(pin.Id, icon) : null,
            Owner = new Person(owner.Username, owner.DisplayName),
            BoardName = board.Body.Name,
            BoardHref = Routes.Board(owner.Username, board.Body.Slug),
            SectionName = section?.Body.Name,
            Secret = !isPublic,
            At = pin.Body.CreatedAt,
            Own = isOwn,
            Tags = [.. (pin.Body.Tags ?? []).Select(TagName.Find).OfType<TagName>().Select(tag => tag.Name)],
            Heart = new HeartButton(id, name, said.Count.Likes, said.IsLiked, isOwn, caller.Viewer.IsSignedIn),
            Counts = said.Count,
            Likers = [.. said.Likers.Select(u => new Person(u.Username, u.DisplayName))],
            Origin = said.Origin,
            Comments = [.. said.Comments.Select(c => CommentView.Of(c, pin.Body.Owner, caller))],
            More = feeds[0],
            Same = feeds[1],
            Related = feeds[2],
        });
    }

    /// <summary>Nothing where the index does not answer: the pin is there without.</summary>
    static async Task<(IReadOnlyList<ListedPin> Same, IReadOnlyList<ListedPin> Like)> RelatedAsync(
        RelatedPins related, Caller caller, Stored<Pin> pin, CancellationToken cancellation)
    {
        try
        {
            return await related.FindAsync(caller.Viewer, pin, cancellation);
        }
        catch (PinfoldException e) when (e is { Kind: ErrorKind.Unavailable, Shard: null })
        {
            return ([], []);
        }
    }

    static async Task<IResult> RetryAsync(
        string id, [FromForm] string? _, Caller caller, PinService pins, CancellationToken cancellation)
    {
        await pins.RetryPictureAsync(caller.Viewer, RouteId.Pin(id), cancellation);
        return Results.LocalRedirect(Routes.Pin(id));
    }
}
