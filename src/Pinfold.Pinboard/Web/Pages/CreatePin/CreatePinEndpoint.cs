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
using Pinfold.Pinboard.Web.Styles;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.CreatePin;

/// <summary>Makes a pin of each picture that is sent, or of an address.</summary>
static class CreatePinEndpoint
{
    const int FormBytes = 64 << 10;

    /// <summary>Pictures that are sent at once.</summary>
    const int FilesMax = 20;

    static readonly long BytesMax = ImageLimits.Default.FileBytesMax;

    /// <summary>Of all of them.</summary>
    static readonly long TotalBytesMax = 4 * BytesMax;

    public static void MapCreatePin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.NewPin, FormAsync).RequireAuthorization();
        routes.MapPost(Routes.NewPin, CreateAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Writes)
            .WithMetadata(new RequestSizeLimitAttribute(TotalBytesMax + FormBytes))
            .WithFormOptions(multipartBodyLengthLimit: BytesMax);
    }

    static async Task<IResult> FormAsync(
        string? board, string? url, Caller caller, BoardChoices choices, CancellationToken cancellation) =>
        new PageResult(
            await ViewAsync(caller, choices, cancellation) with { PlaceId = board, Url = WebLink.Shown(url) });

    static async Task<IResult> CreateAsync(
        IFormFileCollection files, [FromForm] string? url, [FromForm] string? title, [FromForm] string? description,
        [FromForm] string? board, [FromForm] string? newBoard, [FromForm] string? tags, Caller caller, PinService pins,
        PictureMaker pictures, BoardChoices choices, HttpContext http, CancellationToken cancellation)
    {
        var sent = files.Where(file => file.Length > 0).ToList();
        var errors = Check(sent, url, title, description);
        var names = FormErrors.Check(errors, "tags", () => TagName.ParseList(tags));
        // What was sent is made before a board is made for it, and before anything is said of a pin.
        var made = errors.Count > 0 ? [] : await ReceiveAsync(caller, sent, url, pictures, errors, cancellation);
        var place = errors.Count > 0 ? default
            : await choices.GetOrCreateAsync(caller, "board", board, newBoard, errors, cancellation);
        var ids = errors.Count > 0 ? null
            : await FormErrors.CheckAsync(errors, "", () => pins.CreateManyAsync(caller.UserId,
                [.. made.Select(picture => new NewPin(place.Board)
                {
                    Section = place.Section,
                    Title = title,
                    Description = description,
                    Link = url,
                    Picture = picture,
                    Tags = names!,
                })], cancellation));
        if (ids is null)
            return new PageResult(await ViewAsync(caller, choices, cancellation) with
            {
                Url = url,
                Name = title,
                Description = description,
                Tags = tags,
                PlaceId = board,
                Errors = errors,
            });
        Notices.Say(http, WebLink.Noted(ids.Count == 1 ? "Pinned." : $"{Count.Of(ids.Count, "pin")} made.", url));
        if (ids.Count == 1)
            return Results.LocalRedirect(Routes.Pin($"{ids[0]}"));
        var (_, on) = await pins.GetAsync(caller.Viewer, ids[0], cancellation);
        return Results.LocalRedirect(Routes.Board(caller.Person!.Username, on.Body.Slug));
    }

    static Dictionary<string, string> Check(
        List<IFormFile> sent, string? url, string? title, string? description)
    {
        var errors = new Dictionary<string, string>();
        FormErrors.Check(errors, "title", () => PinText.Title(title));
        FormErrors.Check(errors, "description", () => PinText.Description(description));
        if (!string.IsNullOrWhiteSpace(url))
            FormErrors.Check(errors, "url", () => sent.Count > 0 ? PinText.Link(url) : FetchUrl.Parse(url).AbsoluteUri);
        else if (sent.Count == 0)
            errors["file"] = "Choose a picture, or give an address.";
        if (sent.Count > FilesMax)
            errors["file"] = $"At most {FilesMax} pictures can be sent at once; these are {sent.Count:N0}.";
        return errors;
    }

    /// <summary>The pictures of the pins to come; none is kept where one of them is refused.</summary>
    static async Task<List<PinPicture>> ReceiveAsync(
        Caller caller, List<IFormFile> sent, string? url, PictureMaker pictures, Dictionary<string, string> errors,
        CancellationToken cancellation)
    {
        if (sent.Count == 0)
            return [PinPicture.ToFetch(FetchUrl.Parse(url!).AbsoluteUri)];
        var made = new List<PinPicture>();
        foreach (var file in sent)
            try
            {
                await using var content = file.OpenReadStream();
                made.Add(await pictures.ReceiveAsync(caller.UserId, content, cancellation));
            }
            catch (PinfoldException e) when (FormErrors.IsOfInput(e))
            {
                errors["file"] = sent.Count == 1 ? e.Message : $"{Text.Cut(file.FileName, 80)}: {e.Message}";
                break;
            }
        return made;
    }

    static async Task<CreatePinView> ViewAsync(Caller caller, BoardChoices choices, CancellationToken cancellation) =>
        new()
        {
            Title = "New pin",
            SignedIn = caller.Person,
            Boards = await choices.ListAsync(caller.UserId, cancellation),
            BytesMax = BytesMax,
            FilesMax = FilesMax,
        };
}
