using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Fetches what a person wants to pin: what a page says of itself, and its picture.
/// </summary>
internal sealed class UrlFetcher(GuardedHttp http, FetchOptions options)
{
    const string AcceptPages = "text/html,application/xhtml+xml;q=0.9,image/webp,image/*;q=0.8,*/*;q=0.1";

    // Asked for by name, so that a site that has AVIF too sends what is accepted here.
    const string AcceptImages = "image/webp,image/jpeg,image/png,image/gif;q=0.9";

    /// <summary>Of an image, to see whether it is one and not tiny.</summary>
    const int ImageStartBytes = 32 * 1024;

    /// <summary>
    /// Reads the page at <paramref name="url"/>, or where that sends its readers; of an image no more than its first
    /// bytes.
    /// </summary>
    /// <param name="url">As a person gave it.</param>
    /// <param name="rests">Whom to leave alone; null to ask in any case.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FetchException">
    /// As <see cref="GuardedHttp.GetAsync(Uri, string, long, FetchTrail, FetchDeadline)"/>; and Invalid when it is
    /// neither a page nor an image.
    /// </exception>
    public async Task<FetchedPage> FetchPageAsync(string url, HostRests? rests, CancellationToken cancellation)
    {
        var next = FetchUrl.Parse(url);
        var trail = http.BeginTrail(rests);
        using var deadline = http.BeginDeadline(cancellation);
        while (true)
        {
            var page = await ReadAsync(next, trail, deadline);
            // One that sends on to where it was already is taken as it is.
            if (page.Preview.Refresh is not { } refresh || trail.HasBeenAt(refresh))
                return page;
            next = refresh;
        }
    }

    /// <inheritdoc cref="FetchPageAsync(string, HostRests, CancellationToken)"/>
    public Task<FetchedPage> FetchPageAsync(string url, CancellationToken cancellation) =>
        FetchPageAsync(url, null, cancellation);

    /// <summary>Gives the first of a page's images that is taken; tries a few.</summary>
    /// <param name="page">As it was read.</param>
    /// <param name="take">
    /// Given the bytes of an image of an accepted format, not tiny. Invalid or LimitExceeded from it: it is of no use,
    /// and the next is tried.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FetchException">None is there, or none can be had.</exception>
    public async Task<T> FetchImageAsync<T>(
        FetchedPage page, Func<Stream, CancellationToken, Task<T>> take, CancellationToken cancellation)
    {
        var images = page.Preview.Images;
        FetchException? why = null;
        using var deadline = http.BeginDeadline(cancellation);
        for (var i = 0; i < images.Count; i++)
        {
            using var own = deadline.ForTry(isLast: i == images.Count - 1);
            try
            {
                return await FetchImageAsync(page, images[i], take, own);
            }
            catch (PinfoldException e) when (
                e is FetchException or { Kind: ErrorKind.Invalid or ErrorKind.LimitExceeded })
            {
                var refusal = e as FetchException ?? new FetchException(e.Kind, e.Message, e);
                // One that may be had later is a reason to come again.
                if (why is null || (why.Outlook == FetchOutlook.Final && refusal.Outlook != FetchOutlook.Final))
                    why = refusal;
            }
        }

        throw why ?? new FetchException(ErrorKind.NotFound, "The page there shows no picture of its own.");
    }

    /// <summary>Gives the first of a page's icons that is taken.</summary>
    /// <param name="page">As it was read.</param>
    /// <param name="take">As of <see cref="FetchImageAsync{T}(FetchedPage, Func{Stream, CancellationToken, Task{T}},
    /// CancellationToken)"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FetchException">It names none, or none can be had.</exception>
    public async Task<T> FetchIconAsync<T>(
        FetchedPage page, Func<Stream, CancellationToken, Task<T>> take, CancellationToken cancellation)
    {
        using var deadline = http.BeginDeadline(cancellation);
        foreach (var icon in page.Preview.Icons)
            try
            {
                using var answer = await http.GetAsync(
                    icon, AcceptImages, options.IconBytesMax, page.Trail.ForPictureOf(page.Url), deadline);
                var body = await answer.Body.ReadStartAsync((int)options.IconBytesMax, deadline.Caller);
                return await take(new MemoryStream(IcoFile.ImageIn(body) ?? body), deadline.Caller);
            }
            catch (PinfoldException e) when (
                e is FetchException or { Kind: ErrorKind.Invalid or ErrorKind.LimitExceeded })
            {
                // The next one may be.
            }
        throw new FetchException(ErrorKind.NotFound, "The page there names no icon that can be shown.");
    }

    async Task<FetchedPage> ReadAsync(Uri url, FetchTrail trail, FetchDeadline deadline)
    {
        using var answer = await http.GetAsync(url, AcceptPages, options.ImageBytesMax, trail, deadline);
        var start = await answer.Body.ReadStartAsync(PageSniffer.BytesMax, deadline.Caller);
        if (ImageHeader.Recognize(start) is not null)
            return new FetchedPage(answer.Url, IsImage: true, PagePreview.Of(answer.Url, image: answer.Url), trail);
        if (!PageSniffer.IsPage(answer.MediaType, start))
        {
            throw new FetchException(ErrorKind.Invalid, $"This is {answer.MediaType ?? "of an unknown type"}, "
                + $"neither a web page nor an image ({ImageFormatNames.Accepted}).");
        }

        var rest = await answer.Body.ReadStartAsync(options.PageBytesMax - start.Length, deadline.Caller);
        var preview = PageReader.Read([.. start, .. rest], answer.Url, answer.Charset);
        if (answer.Refresh is { } header && MetaRefresh.Target(header) is { } target)
            preview = preview with { Refresh = FetchUrl.Resolve(answer.Url, target) };
        return new FetchedPage(answer.Url, IsImage: false, preview, trail);
    }

    async Task<T> FetchImageAsync<T>(
        FetchedPage page, Uri image, Func<Stream, CancellationToken, Task<T>> take, FetchDeadline deadline)
    {
        var trail = page.Trail.ForPictureOf(page.IsImage ? null : page.Url);
        using var answer = await http.GetAsync(image, AcceptImages, options.ImageBytesMax, trail, deadline);
        var start = await answer.Body.PeekAsync(ImageStartBytes, deadline.Caller);
        if (ImageHeader.Recognize(start) is null)
            throw ForeignFormat.Refusal(start);
        if (!page.IsImage && IsTiny(start))
            throw new FetchException(ErrorKind.Invalid, "The page there shows no picture of its own, only tiny ones.");
        return await take(answer.Body, deadline.Caller);
    }

    static bool IsTiny(byte[] start)
    {
        try
        {
            var header = ImageHeader.Read(new MemoryStream(start), ImageLimits.Default);
            return Math.Min(header.Width, header.Height) < PictureCandidates.SideMin;
        }
        catch (PinfoldException)
        {
            // Its header is longer than that, or it will be refused as a whole.
            return false;
        }
    }
}

/// <summary>
/// What is at a URL: <see cref="Url"/> after redirects. When <see cref="IsImage"/>, the URL is itself an image, the
/// preview's image is that URL and its title a file name.
/// </summary>
internal sealed record FetchedPage(Uri Url, bool IsImage, PagePreview Preview, FetchTrail Trail);
