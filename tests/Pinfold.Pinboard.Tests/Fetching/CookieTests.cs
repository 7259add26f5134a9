using System.Net;
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

public sealed class CookieTests
{
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a=1", "http://www.example.org/", "a=1")]
    [InlineData("a=1", "http://www.example.org:8080/x/y", "a=1")]
    [InlineData("a=1", "http://example.org/", null)]
    [InlineData("a=1", "http://sub.www.example.org/", null)]
    [InlineData("a=1; Domain=example.org", "http://img.example.org/", "a=1")]
    [InlineData("a=1; domain=.Example.ORG; x", "http://example.org/", "a=1")]
    [InlineData("a=1; domain=example.org", "http://notours.example/", null)]
    [InlineData("a=1; domain=other.example", "http://other.example/", null)]
    [InlineData("a=1; domain=img.example.org", "http://img.example.org/", null)]
    [InlineData("a=1; domain=org", "http://other.example/", null)]
    [InlineData("a=1; path=/in", "http://www.example.org/in/side", "a=1")]
    [InlineData("a=1; path=/in", "http://www.example.org/inside", null)]
    [InlineData("a=1; path=in", "http://www.example.org/", "a=1")]
    [InlineData("a=1; secure", "https://www.example.org/", null)]
    [InlineData("a=b,c=\"d e\"; max-age=10", "http://www.example.org/", "a=b,c=\"d e\"")]
    [InlineData("a=; HttpOnly; SameSite=Strict", "http://www.example.org/", "a=")]
    [InlineData("a=1; max-age=0", "http://www.example.org/", null)]
    [InlineData("a=1; expires=Thu, 01-Jan-1970 00:00:01 GMT", "http://www.example.org/", null)]
    [InlineData("a=1; expires=Thu, 01 Jan 1970 00:00:01 GMT; max-age=5", "http://www.example.org/", "a=1")]
    [InlineData("a=1; expires=whenever", "http://www.example.org/", "a=1")]
    [InlineData("__Host-a=1", "https://www.example.org/", null)]
    [InlineData("just words", "http://www.example.org/", null)]
    [InlineData("", "http://www.example.org/", null)]
    public void ACookieGoesWhereABrowserWouldSendIt(string line, string url, string? header)
    {
        var jar = new CookieJar(_time);
        jar.Set(new Uri("http://www.example.org/"), line);
        jar.HeaderFor(new Uri(url)).ShouldBe(header);
    }

    [Fact]
    public void ACookieOfAnEncryptedPageMayBeForEncryptedOnesOnly()
    {
        var jar = new CookieJar(_time);
        jar.Set(new Uri("https://example.org/"), "a=1; secure");
        jar.Set(new Uri("https://example.org/"), "__Host-b=2; secure; path=/");
        jar.HeaderFor(new Uri("https://example.org/")).ShouldBe("a=1; __Host-b=2");
        jar.HeaderFor(new Uri("http://example.org/")).ShouldBeNull();
    }

    [Fact]
    public void ANewOneTakesThePlaceOfTheOldAndLongerPathsComeFirst()
    {
        var jar = new CookieJar(_time);
        var page = new Uri("http://example.org/a/b");
        foreach (var line in (string[])["x=1; path=/", "y=2", "x=3; path=/", "z=4; max-age=5"])
            jar.Set(page, line);
        jar.HeaderFor(page).ShouldBe("y=2; z=4; x=3");
        _time.Advance(TimeSpan.FromSeconds(5));
        jar.Set(page, "y=; max-age=-1");
        jar.HeaderFor(page).ShouldBe("x=3");
    }

    [Fact]
    public void CookiesAreFewAndSmall()
    {
        var jar = new CookieJar(_time);
        var page = new Uri("http://example.org/");
        jar.Set(page, $"big={new string('x', 5000)}");
        jar.HeaderFor(page).ShouldBeNull();
        for (var i = 0; i < 1000; i++)
            jar.Set(page, $"c{i}=1");
        jar.HeaderFor(page)!.Split("; ").Length.ShouldBe(50);
    }

    [Theory]
    [InlineData("session=abc,def; Path=/; HttpOnly")]
    [InlineData("seen=1; Domain=example; Expires=Wed, 01 Jan 2098 00:00:00 GMT")]
    public async Task ASiteThatAsksForItsCookieGetsItAlsoWithThePicture(string line)
    {
        var pair = line.Split(';')[0];
        List<string> cookies = [];
        using var folder = new ImageFolder();
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            var cookie = context.Request.Headers.Cookie.ToString();
            cookies.Add($"{context.Request.Path}:{cookie}");
            if (cookie != pair)
            {
                context.Response.Headers.SetCookie = line;
                context.Response.Redirect("/");
                return Task.CompletedTask;
            }

            if (context.Request.Path == "/photo.jpg")
                return context.Response.Body.WriteAsync(Sample.Named("baseline.jpg").Read(), Cancellation).AsTask();
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<title>In</title><img src=/photo.jpg>");
        });
        var options = site.Options with { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };
        using var http = new GuardedHttp(options, new FakeTimeProvider());
        var fetcher = new UrlFetcher(http, options);
        var address = $"http://example:{site.Endpoint.Port}/";
        var page = await fetcher.FetchPageAsync(address, Cancellation);
        page.Preview.Title.ShouldBe("In");
        var files = new ImageFiles(folder.Path, ImageLimits.Default);
        await fetcher.FetchImageAsync(page, files.ReceiveAsync, Cancellation);
        cookies.ShouldBe(["/:", $"/:{pair}", $"/photo.jpg:{pair}"]);

        // Another fetch begins without.
        await fetcher.FetchPageAsync(address, Cancellation);
        cookies[3..].ShouldBe(["/:", $"/:{pair}"]);
    }

    [Fact]
    public async Task ARedirectToItselfWithoutANewCookieIsACircle()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.Headers.SetCookie = "a=1";
            context.Response.Redirect("/");
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        (await Should.ThrowAsync<FetchException>(
            () => http.GetAsync(new Uri(site["/"]), "*/*", 1000, Cancellation))).Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Fact]
    public async Task ASiteWithEverNewCookiesIsLeftAfterFiveRedirects()
    {
        var asked = 0;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.Headers.SetCookie = $"a={Interlocked.Increment(ref asked)}";
            context.Response.Redirect("/");
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, new FakeTimeProvider());
        (await Should.ThrowAsync<FetchException>(
            () => http.GetAsync(new Uri(site["/"]), "*/*", 1000, Cancellation))).Kind.ShouldBe(ErrorKind.LimitExceeded);
        asked.ShouldBe(6);
    }
}
