using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Pinboard.Search.Words;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>Makes a pin from a picture or an address.</summary>
static class CreatePinEndpoint
{
    const int FormBytes = 64 << 10;
    static readonly long BytesMax = ImageLimits.Default.FileBytesMax;

    public static void MapCreatePin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewPin, FormAsync).RequireAuthorization();
        routes.MapPost(Routes.NewPin, CreateAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes)
            .WithMetadata(new RequestSizeLimitAttribute(BytesMax + FormBytes))
            .WithFormOptions(multipartBodyLengthLimit: BytesMax);
    }

    static async Task<IResult> FormAsync(
        string? board, string? url, Caller caller, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(
            await ViewAsync(caller, choices, cancellation) with { BoardId = board, Url = WebLink.Shown(url) });

    static async Task<IResult> CreateAsync(
        IFormFile? file, [FromForm] string? url, [FromForm] string? title, [FromForm] string? description,
            [FromForm] string? board,
        [FromForm] string? newBoard, [FromForm] string? tags, Caller caller, PinService pins, PictureMaker pictures, BoardChoices choices,
            HttpContext http,
        CancellationToken cancellation)
    {
        try
        {
            if (file is not { Length: > 0 } && string.IsNullOrWhiteSpace(url))
                throw new PinfoldException(ErrorKind.Invalid, "Choose a picture, or give an address.");
            var names = TagName.ParseList(tags);
            // What was sent is made before a board is made for it, and before anything is said of a pin.
            var picture = file is { Length: > 0 } ? await ReceiveAsync(caller, file, pictures, cancellation)
                : PinPicture.ToFetch(FetchUrl.Parse(url!).AbsoluteUri);
            var target = await choices.GetOrCreateAsync(caller, board, newBoard, cancellation);
            var id = await pins.CreateAsync(caller.UserId, new NewPin(target)
            {
                Title = title,
                Description = description,
                Link = url,
                Picture = picture,
                Tags = names,
            }, cancellation);
            Notices.Say(http, WebLink.Noted("Pinned.", url));
            return Results.LocalRedirect(Routes.Pin(id.ToString()));
        }
        catch (PinfoldException e) when (FormErrors.IsOfInput(e))
        {
            var view = await ViewAsync(caller, choices, cancellation);
            return new PageResult(
                view with
                {
                    Url = url,
                    Name = title,
                    Description = description,
                    Tags = tags,
                    BoardId = board,
                    Errors = FormErrors.Whole(e)
                });
        }
    }

    static async Task<PinPicture> ReceiveAsync(
        Caller caller, IFormFile file, PictureMaker pictures, CancellationToken cancellation)
    {
        await using var content = file.OpenReadStream();
        return await pictures.ReceiveAsync(caller.UserId, content, cancellation);
    }

    static async Task<CreatePinView> ViewAsync(Caller caller, BoardChoices choices, CancellationToken cancellation) =>
        new()
        {
            Title = "New pin",
            SignedIn = caller.Person,
            Boards = await choices.ListAsync(caller.UserId, withSections: false, cancellation),
            BytesMax = BytesMax,
        };
}
