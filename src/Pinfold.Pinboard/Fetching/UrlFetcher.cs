using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Fetches what a person wants to pin: what a page says of itself, and images into <see cref="ImageFiles"/>.
/// </summary>
internal sealed class UrlFetcher(GuardedHttp http, FetchOptions options)
{
    const string AcceptPages = "text/html,application/xhtml+xml;q=0.9,image/webp,image/*;q=0.8,*/*;q=0.1";

    // Asked for by name, so that a site that has AVIF too sends what is accepted here.
    const string AcceptImages = "image/webp,image/jpeg,image/png,image/gif;q=0.9";

    /// <summary>Reads the page at <paramref name="url"/>; of an image no more than its first bytes.</summary>
    /// <exception cref="PinfoldException">
    /// As <see cref="GuardedHttp.GetAsync"/>; and Invalid when it is neither a page nor an image.
    /// </exception>
    public async Task<FetchedPage> FetchPageAsync(string url, CancellationToken cancellation)
    {
        var asked = FetchUrl.Parse(url);
        using var answer = await http.GetAsync(asked, AcceptPages, options.ImageBytesMax, cancellation);
        var start = await answer.Body.ReadStartAsync(ImageHeader.SignatureBytes, cancellation);
        if (ImageHeader.Recognize(start) is not null)
            return new FetchedPage(answer.Url, IsImage: true, PagePreview.Of(answer.Url, image: answer.Url));
        if (!IsPage(answer.MediaType, start))
        {
            throw new PinfoldException(ErrorKind.Invalid, $"This is {answer.MediaType ?? "of an unknown type"}, "
                + $"neither a web page nor an image ({ImageFormatNames.Accepted}).");
        }

        var rest = await answer.Body.ReadStartAsync(options.PageBytesMax - start.Length, cancellation);
        return new FetchedPage(answer.Url, IsImage: false,
            PageReader.Read([.. start, .. rest], answer.Url, answer.Charset));
    }

    /// <summary>Takes in the image at <paramref name="url"/>, after the same checks as an upload.</summary>
    /// <exception cref="PinfoldException">
    /// As <see cref="GuardedHttp.GetAsync"/> and <see cref="ImageFiles.TakeInAsync"/>. Nothing is left behind.
    /// </exception>
    public async Task<IncomingImage> FetchImageAsync(string url, ImageFiles files, CancellationToken cancellation)
    {
        var asked = FetchUrl.Parse(url);
        using var answer = await http.GetAsync(asked, AcceptImages, options.ImageBytesMax, cancellation);
        return await files.TakeInAsync(answer.Body, cancellation);
    }

    static bool IsPage(string? mediaType, ReadOnlySpan<byte> start) => mediaType switch
    {
        "text/html" or "application/xhtml+xml" => true,
        null or "text/plain" or "application/octet-stream" or "application/xml" or "text/xml" => LooksLikeHtml(start),
        _ => false,
    };

    static bool LooksLikeHtml(ReadOnlySpan<byte> start)
    {
        if (start is [0xEF, 0xBB, 0xBF, ..])
            start = start[3..];
        var text = start.TrimStart(" \t\r\n"u8);
        return text.StartsWith("<!"u8) || StartsWithTag(text, "<html"u8) || StartsWithTag(text, "<head"u8);
    }

    static bool StartsWithTag(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag) =>
        text.Length >= tag.Length && System.Text.Ascii.EqualsIgnoreCase(text[..tag.Length], tag);
}

/// <summary>
/// What is at a URL: <see cref="Url"/> after redirects. When <see cref="IsImage"/>, the URL is itself an image, the
/// preview's image is that URL and its title a file name.
/// </summary>
internal sealed record FetchedPage(Uri Url, bool IsImage, PagePreview Preview);
