using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Pinfold.Pinboard.Web.Forms;

/// <summary>
/// A form with files that is read as it arrives: a file is nowhere but where its reader puts it, and what is refused
/// is refused before the rest has come. Our own pages send the token first; wherever it comes, it is looked at as soon
/// as it has come, and the form ends badly without it.
/// </summary>
/// <remarks>
/// Where it is damaged, reading throws InvalidDataException or IOException, which <see cref="Unread"/> makes an answer
/// of; where it is too large, none, or not ours, BadHttpRequestException.
/// </remarks>
sealed class StreamedForm(HttpContext http, CancellationToken cancellation)
{
    const int BoundaryLengthMax = 128;
    const int TokenBytesMax = 16 << 10;
    const int PartsMax = 2000;

    /// <summary>What the framework names the field with the token, and the header that it also takes it from.</summary>
    const string TokenField = "__RequestVerificationToken";
    const string TokenHeader = "RequestVerificationToken";

    readonly MultipartReader _reader = new(BoundaryOf(http.Request), http.Request.Body);
    bool _isOurs;
    int _parts;

    /// <summary>
    /// The next file, or null at the end of a form that is ours. What was not read of the one before is passed over.
    /// </summary>
    public async Task<StreamedFile?> NextFileAsync()
    {
        while (await NextPartAsync() is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var named))
                throw new InvalidDataException("A part of the form has no name.");
            if (named.IsFileDisposition())
                return new StreamedFile(FileNameOf(named), part.Body);
            if (HeaderUtilities.RemoveQuotes(named.Name) == TokenField)
                await CheckAsync(await ReadTextAsync(part));
        }
        if (!_isOurs)
            await CheckAsync("");
        return null;
    }

    /// <summary>What to throw when its content could not be read.</summary>
    public static BadHttpRequestException Unread(Exception cause) =>
        new(cause.Message, StatusCodes.Status400BadRequest, cause);

    static string FileNameOf(ContentDispositionHeaderValue named) =>
        HeaderUtilities.RemoveQuotes(named.FileNameStar.HasValue ? named.FileNameStar : named.FileName).ToString();

    static string BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= BoundaryLengthMax } boundary
            ? boundary.ToString()
            : throw Unread(new InvalidDataException("Nothing says where the parts of the form begin."));

    async Task<MultipartSection?> NextPartAsync() =>
        ++_parts <= PartsMax
            ? await _reader.ReadNextSectionAsync(cancellation)
            : throw new InvalidDataException($"Form value count limit {PartsMax} exceeded.");

    /// <summary>Where a header brings it, the framework looks at no body, which is not whole yet.</summary>
    async Task CheckAsync(string token)
    {
        http.Request.Headers[TokenHeader] = token;
        try
        {
            await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        }
        catch (AntiforgeryValidationException e)
        {
            throw Unread(e);
        }
        _isOurs = true;
    }

    async Task<string> ReadTextAsync(MultipartSection part)
    {
        var bytes = new byte[TokenBytesMax];
        var read = await part.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, read));
    }
}

/// <summary>A file of a form, as its sender named it; its content can be read until the next one is asked
/// for.</summary>
sealed record StreamedFile(string FileName, Stream Content);
