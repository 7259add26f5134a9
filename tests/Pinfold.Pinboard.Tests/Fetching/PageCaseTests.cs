using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

/// <summary>Pages that went wrong, served as a web server serves files.</summary>
public sealed class PageCaseTests
{
    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("og-avif-with-fallback.html", "Garden", "/photo.jpg")]
    [InlineData("svg-title.html", "Plum cake", null)]
    [InlineData("late-charset.html", "Сливовый пирог", null)]
    [InlineData("xml-prolog.html", "Сливовый пирог", null)]
    [InlineData("lazy-blank.html", "x", "/photo.jpg")]
    [InlineData("catalogo.html", "x", "/catalogo/silicon-valley.jpg")]
    [InlineData("meta-refresh.html", "Right title", "/photo.jpg")]
    public async Task ACaseGivesTheRightTitleAndPicture(string page, string title, string? picture)
    {
        using var folder = new ImageFolder();
        List<string> sent = [];
        await using var site = await LoopbackSite.StartAsync(context => ServeAsync(context, sent));
        var (found, stored) = await FetchAsync(site, $"/{page}", folder);
        found.Preview.Title.ShouldBe(title);
        (stored is null ? null : sent[^1]).ShouldBe(picture);
    }

    [Theory]
    [InlineData("404", "/404.jpg")]
    [InlineData("HTML", "/svg-title.html")]
    [InlineData("AVIF", "/x.avif")]
    [InlineData("tiny", "/tiny.png")]
    [InlineData("too large", "/large.png")]
    [InlineData("forbidden", "http://127.0.0.7/secret.jpg")]
    [InlineData("forbidden by redirect", "/to?http://10.0.0.1/x.jpg")]
    [InlineData("a circle", "/loop")]
    [InlineData("broken off", "/abort.jpg")]
    public async Task AnImageThatIsOfNoUseYieldsToTheNext(string why, string image)
    {
        using var folder = new ImageFolder();
        List<string> sent = [];
        await using var site = await LoopbackSite.StartAsync(context => context.Request.Path == "/"
            ? HtmlAsync(context,
                $"<meta property=og:image content='{image}'><meta name=twitter:image content=/photo.jpg>")
            : ServeAsync(context, sent));
        var (_, stored) = await FetchAsync(site, "/", folder);
        stored.ShouldNotBeNull(why);
        sent.ShouldBe(["/photo.jpg"]);
        folder.Files.Count().ShouldBe(1);
    }

    [Fact]
    public async Task AnImageThatHangsLeavesTimeForTheNext()
    {
        using var folder = new ImageFolder();
        var hangs = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            if (context.Request.Path == "/")
                await HtmlAsync(context, "<img src=/hangs.jpg width=900 height=900><img src=/photo.jpg>");
            else if (context.Request.Path == "/photo.jpg")
                await context.Response.Body.WriteAsync(Photo, Cancellation);
            else
            {
                await context.Response.Body.WriteAsync(Photo.AsMemory(0, 100), Cancellation);
                await context.Response.Body.FlushAsync(Cancellation);
                hangs.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        });
        using var http = new GuardedHttp(site.Options, time);
        var fetcher = new UrlFetcher(http, site.Options);
        var page = await fetcher.FetchPageAsync(site["/"], Cancellation);
        var fetching = fetcher.FetchImageAsync(
            page, new ImageFiles(folder.Path, ImageLimits.Default).ReceiveAsync, Cancellation);
        await hangs.Task;
        time.Advance(site.Options.TotalTimeout / 2);
        (await fetching).Bytes.ShouldBe(Photo.Length);
    }

    [Fact]
    public async Task FiveImagesAreTriedAndTheReasonIsTold()
    {
        using var folder = new ImageFolder();
        var asked = 0;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            if (context.Request.Path == "/")
                return HtmlAsync(context, string.Concat(Enumerable.Range(0, 20).Select(i => $"<img src=/{i}.jpg>")));
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = context.Request.Path == "/3.jpg" ? 500 : 404;
            return Task.CompletedTask;
        });
        var refusal = await Should.ThrowAsync<FetchException>(() => FetchAsync(site, "/", folder));
        asked.ShouldBe(PagePreview.ImagesMax);
        // The one that may be had later decides.
        refusal.Outlook.ShouldBe(FetchOutlook.AddressLater);
        refusal.Message.ShouldContain("(500)");
    }

    [Fact]
    public async Task OfSeveralThatAreOfNoUseTheFirstSaysWhy()
    {
        using var folder = new ImageFolder();
        await using var site = await LoopbackSite.StartAsync(context => context.Request.Path == "/"
            ? HtmlAsync(context, "<img src=/x.avif width=900 height=900><img src=/gone.jpg><img src=/tiny.png>")
            : ServeAsync(context, []));
        var refusal = await Should.ThrowAsync<FetchException>(() => FetchAsync(site, "/", folder));
        (refusal.Outlook, refusal.Kind).ShouldBe((FetchOutlook.Final, ErrorKind.Invalid));
        refusal.Message.ShouldContain("AVIF");
        folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASmallImageThatWasAskedForIsTaken()
    {
        using var folder = new ImageFolder();
        await using var site = await LoopbackSite.StartAsync(context => ServeAsync(context, []));
        var (page, stored) = await FetchAsync(site, "/tiny.png", folder);
        page.IsImage.ShouldBeTrue();
        stored!.Header.Width.ShouldBe(1);
    }

    [Fact]
    public async Task APictureIsAskedForWithTheOriginOfItsPage()
    {
        using var folder = new ImageFolder();
        Dictionary<string, string> referers = [];
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            referers[context.Request.Path] = context.Request.Headers.Referer.ToString();
            return context.Request.Path == "/secret/page"
                ? HtmlAsync(context, "<img src=/photo.jpg>")
                : ServeAsync(context, []);
        });
        await FetchAsync(site, "/secret/page?private", folder);
        referers.ShouldBe(new Dictionary<string, string>
        {
            ["/secret/page"] = "",
            ["/photo.jpg"] = site["/"],
        });
    }

    [Theory]
    [InlineData("meta", "http://127.0.0.9/", ErrorKind.Forbidden, "a loopback address")]
    [InlineData("header", "http://169.254.169.254/", ErrorKind.Forbidden, "a link-local address")]
    [InlineData("meta", "/next", ErrorKind.LimitExceeded, "redirects more than 5 times")]
    [InlineData("header", "/next", ErrorKind.LimitExceeded, "redirects more than 5 times")]
    public async Task ARefreshIsGuardedAndCountedAsARedirect(string how, string target, ErrorKind kind, string why)
    {
        using var folder = new ImageFolder();
        var pages = 0;
        await using var site = await LoopbackSite.StartAsync(context => RefreshAsync(
            context, how, target == "/next" ? $"/next?{Interlocked.Increment(ref pages)}" : target));
        var refusal = await Should.ThrowAsync<FetchException>(() => FetchAsync(site, "/", folder));
        refusal.Kind.ShouldBe(kind);
        refusal.Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("meta", "/")]
    [InlineData("header", "/#again")]
    [InlineData("meta", "/other")]
    public async Task ARefreshInACircleEndsWithThePageThatIsThere(string how, string target)
    {
        var asked = 0;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            return RefreshAsync(context, how, context.Request.Path == "/other" ? "/" : target);
        });
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        var page = await new UrlFetcher(http, site.Options).FetchPageAsync(site["/"], Cancellation);
        page.Preview.Title.ShouldBe("Here");
        asked.ShouldBe(target == "/other" ? 2 : 1);
    }

    [Theory]
    [InlineData(null, "<?xml version='1.0'?>\n<!DOCTYPE html><html><head><title>Odd</title>")]
    [InlineData("application/xml", "<?xml version='1.0'?><!-- c --><html xmlns='x'><head><title>Odd</title>")]
    [InlineData("text/plain", "<!-- saved --><TITLE>Odd</TITLE>")]
    [InlineData(null, "<title>Odd</title>")]
    public async Task APageIsKnownByItsFirstElement(string? type, string html)
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(html);
        });
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        var page = await new UrlFetcher(http, site.Options).FetchPageAsync(site["/"], Cancellation);
        page.Preview.Title.ShouldBe("Odd");
    }

    [Fact]
    public async Task AFeedIsNoPage()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.ContentType = "application/xml";
            return context.Response.WriteAsync("<?xml version='1.0'?><rss><title>News</title></rss>");
        });
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        (await Should.ThrowAsync<FetchException>(
            () => new UrlFetcher(http, site.Options).FetchPageAsync(site["/"], Cancellation)))
            .Outlook.ShouldBe(FetchOutlook.Final);
    }

    /// <summary>The page, and its picture if it names one.</summary>
    static async Task<(FetchedPage Page, StoredImage? Picture)> FetchAsync(
        LoopbackSite site, string path, ImageFolder folder)
    {
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        var fetcher = new UrlFetcher(http, site.Options);
        var page = await fetcher.FetchPageAsync(site[path], Cancellation);
        var files = new ImageFiles(folder.Path, new ImageLimits { FileBytesMax = Photo.Length + 1000 });
        return (page, page.Preview.Images.Count == 0
            ? null
            : await fetcher.FetchImageAsync(page, files.ReceiveAsync, Cancellation));
    }

    static Task RefreshAsync(HttpContext context, string how, string target)
    {
        if (how == "header")
            context.Response.Headers["Refresh"] = $"1; url={target}";
        return HtmlAsync(context,
            $"<title>Here</title>{(how == "meta" ? $"<meta http-equiv=refresh content='0;url={target}'>" : "")}");
    }

    static async Task ServeAsync(HttpContext context, List<string> sent)
    {
        var path = context.Request.Path.Value!;
        var file = Path.Combine(AppContext.BaseDirectory, "Samples", "fetch", path[1..]);
        if (path == "/loop")
            context.Response.Redirect("/loop");
        else if (path == "/to")
            context.Response.Redirect(context.Request.QueryString.Value![1..]);
        else if (path == "/abort.jpg")
        {
            context.Response.ContentLength = Photo.Length;
            await context.Response.Body.WriteAsync(Photo.AsMemory(0, 1000), Cancellation);
            await context.Response.Body.FlushAsync(Cancellation);
            context.Abort();
        }
        else if (File.Exists(file))
        {
            context.Response.ContentType = "text/html";
            await context.Response.SendFileAsync(file, Cancellation);
        }
        else if (path is "/photo.jpg" or "/catalogo/silicon-valley.jpg")
        {
            sent.Add(path);
            await context.Response.Body.WriteAsync(Photo, Cancellation);
        }
        else if (path == "/x.avif")
            await context.Response.WriteAsync("\0\0\0 ftypavif\0\0\0\0", Cancellation);
        else if (path == "/tiny.png")
        {
            using var dot = NetVips.Image.Black(1, 1);
            await context.Response.Body.WriteAsync(dot.PngsaveBuffer(), Cancellation);
        }
        else if (path == "/large.png")
        {
            using var black = NetVips.Image.Black(64, 64);
            await context.Response.Body.WriteAsync(black.PngsaveBuffer(), Cancellation);
            await context.Response.Body.WriteAsync(new byte[Photo.Length + 1000], Cancellation);
        }
        else
            context.Response.StatusCode = 404;
    }

    static Task HtmlAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(html, Cancellation);
    }
}
