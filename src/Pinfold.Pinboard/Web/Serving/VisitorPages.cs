using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Pages for visitors, kept with what they were made of: while that is the same object, and all else that a page shows
/// is equal, so is the page. What is on it is read anew each time, so none is older than what the pinboard knows.
/// </summary>
sealed class VisitorPages(IResponseCompressionProvider compression)
{
    /// <summary>Of one thing: its address may be asked for under many names of the host.</summary>
    const int VariantsMax = 4;

    readonly ConditionalWeakTable<object, List<Kept>> _kept = [];

    /// <summary>The page, as it was made before if nothing is new.</summary>
    /// <param name="of">What it shows, which nobody changes; the same object while nothing of it is new.</param>
    /// <param name="beside">All else that it shows; equal while nothing of it is new.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="caller">Who asks; only visitors share a page.</param>
    public IResult Answer(object of, object beside, Func<PageView> make, Caller caller) =>
        caller.Viewer.IsSignedIn ? new PageResult(make()) : new SharedResult(this, of, beside, make);

    async Task AnswerAsync(HttpContext http, object of, object beside, Func<PageView> make)
    {
        if (http.Request.QueryString.HasValue || Notices.Said(http.Request) is not null)
        {
            await new PageResult(make()).ExecuteAsync(http);
            return;
        }
        var shape = Shape.Of(http.Request, beside);
        var page = Find(of, shape);
        if (page is null)
        {
            page = await MakeAsync(http, new PageResult(make()));
            // What sets a cookie is somebody's own.
            if (http.Response.Headers.SetCookie.Count == 0 && http.Response.StatusCode == StatusCodes.Status200OK)
                Keep(of, new Kept(shape, page));
        }
        await page.SendAsync(http, compression);
    }

    RenderedPage? Find(object of, Shape shape)
    {
        if (!_kept.TryGetValue(of, out var variants))
            return null;
        lock (variants)
            return variants.Find(kept => kept.Shape == shape)?.Page;
    }

    void Keep(object of, Kept kept)
    {
        var variants = _kept.GetOrCreateValue(of);
        lock (variants)
        {
            // Several may have asked for it at once.
            variants.RemoveAll(other => other.Shape == kept.Shape);
            if (variants.Count >= VariantsMax)
                variants.RemoveAt(0);
            variants.Add(kept);
        }
    }

    static async Task<RenderedPage> MakeAsync(HttpContext http, PageResult page)
    {
        var body = http.Response.Body;
        using var rendered = new MemoryStream();
        http.Response.Body = rendered;
        try
        {
            await page.ExecuteAsync(http);
        }
        finally
        {
            http.Response.Body = body;
        }
        return new RenderedPage(rendered.ToArray());
    }

    sealed record Kept(Shape Shape, RenderedPage Page);

    /// <summary>What a request says that a page for visitors depends on.</summary>
    sealed record Shape(
        object Beside, string Scheme, HostString Host, PathString Base, PathString Path,
        string? Theme, bool IsList)
    {
        public static Shape Of(HttpRequest request, object beside) => new(
            beside, request.Scheme, request.Host, request.PathBase, request.Path,
            ThemeEndpoint.Chosen(request), FeedViewEndpoint.IsList(request));
    }

    sealed class SharedResult(VisitorPages pages, object of, object beside, Func<PageView> make) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => pages.AnswerAsync(httpContext, of, beside, make);
    }
}
