using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Fetching;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class GuardedHttpTests
{
    const long BytesMax = 64 * 1024;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APageIsReadAndTheSiteLearnsOnlyWhoAsks()
    {
        string[]? seen = null;
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            seen = [.. context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")];
            context.Response.Cookies.Append("track", "me");
            return context.Response.WriteAsync("hello");
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        using var traced = new System.Diagnostics.Activity("a request of this server").Start();
        (await ReadAsync(http, site["/#part"])).ShouldBe("hello");
        (await ReadAsync(http, site["/again"])).ShouldBe("hello");
        seen.ShouldNotBeNull().Select(header => header.Split(':')[0]).Order()
            .ShouldBe(["Accept", "Accept-Encoding", "Host", "User-Agent"]);
        seen.ShouldContain($"User-Agent: {site.Options.UserAgent}");
    }

    [Theory]
    [InlineData("http://127.0.0.1/", "127.0.0.1 is a loopback address")]
    [InlineData("http://127.1/", "a loopback address")]
    [InlineData("http://2130706433/", "a loopback address")]
    [InlineData("http://0x7f000001/", "a loopback address")]
    [InlineData("http://0177.0.0.1/", "a loopback address")]
    [InlineData("http://localhost/", "localhost leads to a loopback address")]
    [InlineData("http://[::1]/", "::1 is a loopback address")]
    [InlineData("http://[::ffff:127.0.0.1]/", "an IPv4 address in IPv6 form")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "a link-local address")]
    [InlineData("http://10.1.2.3:443/", "a private address")]
    [InlineData("http://192.168.0.1:8080/", "a private address")]
    [InlineData("https://[fd00::1]/", "a private address")]
    [InlineData("http://inside.example/", "inside.example leads to a loopback address")]
    [InlineData("http://example.org:25/", "Port 25 is not fetched from; the ports are 80, 443.")]
    public async Task WhatIsNotPublicIsRefusedByName(string url, string reason)
    {
        var options = new FetchOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };
        using var http = new GuardedHttp(options, TimeProvider.System);
        var refusal = await RefusalAsync(http, url);
        refusal.Kind.ShouldBe(ErrorKind.Forbidden);
        refusal.Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("file:" + "///etc/passwd", "Only http and https are fetched, not file.")]
    [InlineData("gopher://example.org/", "Only http and https are fetched, not gopher.")]
    public async Task WhatIsNotAWebAddressIsRefused(string url, string reason)
    {
        using var http = new GuardedHttp(new FetchOptions(), TimeProvider.System);
        var refusal = await RefusalAsync(http, url);
        refusal.Kind.ShouldBe(ErrorKind.Invalid);
        refusal.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task AUserNameAndAPasswordAreNeitherSentNorKeptNorPassedOn()
    {
        var seen = new List<string>();
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            seen.AddRange(context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            if (context.Request.Path == "/there")
                return context.Response.WriteAsync("hello");
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"http://you:secret@{context.Request.Host}/there";
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        var asked = new UriBuilder(site["/"]) { UserName = "me", Password = "secret" }.Uri;
        using var answer = await http.GetAsync(asked, "*/*", 1000, Cancellation);
        answer.Url.AbsoluteUri.ShouldBe(site["/there"]);
        seen.ShouldAllBe(header => !header.Contains("secret") && !header.StartsWith("Authorization"));
        FetchUrl.Parse("https://me:secret@example.org/a").AbsoluteUri.ShouldBe("https://example.org/a");
        FetchUrl.Resolve(asked, "http://me:secret@example.org/a.png")!.AbsoluteUri.ShouldBe("http://example.org/a.png");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", ErrorKind.Forbidden, "127.0.0.1 is a loopback address")]
    [InlineData("http://169.254.169.254/", ErrorKind.Forbidden, "a link-local address")]
    [InlineData("http://inside.example/", ErrorKind.Forbidden, "inside.example leads to a private")]
    [InlineData("file:" + "///etc/passwd", ErrorKind.Invalid, "not file")]
    [InlineData("http://a:b@inside.example/", ErrorKind.Forbidden, "inside.example leads to a private")]
    [InlineData("/loop", ErrorKind.Invalid, "redirects in a circle")]
    [InlineData("/count?0", ErrorKind.LimitExceeded, "redirects more than 5 times")]
    [InlineData("", ErrorKind.Invalid, "does not say whereto")]
    public async Task ARedirectIsCheckedLikeTheFirstAddress(string target, ErrorKind kind, string reason)
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            var location = context.Request.Path.Value switch
            {
                "/loop" => "/loop",
                "/count" => $"/count?{int.Parse(context.Request.QueryString.Value![1..], null) + 1}",
                _ => target,
            };
            if (location.Length > 0)
                context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        var options = site.Options with
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7")]),
        };
        using var http = new GuardedHttp(options, TimeProvider.System);
        var refusal = await RefusalAsync(http, site["/"]);
        refusal.Kind.ShouldBe(kind);
        refusal.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task FiveRedirectsAreFollowedAndTheLastAddressIsTold()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            var hop = int.Parse(context.Request.Path.Value![1..], null);
            if (hop == 5)
                return context.Response.WriteAsync("there");
            context.Response.Redirect($"/{hop + 1}");
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        using var answer = await http.GetAsync(new Uri(site["/0"]), "*/*", BytesMax, Cancellation);
        answer.Url.ToString().ShouldBe(site["/5"]);
    }

    [Fact]
    public async Task AHostIsResolvedOnceForAConnectionSoItCannotMoveInBetween()
    {
        await using var site = await LoopbackSite.StartAsync(context => context.Response.WriteAsync("checked"));
        var lookups = 0;
        var options = site.Options with
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>(
                [Interlocked.Increment(ref lookups) == 1 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")]),
        };
        using var http = new GuardedHttp(options, TimeProvider.System);
        (await ReadAsync(http, $"http://rebinding.example:{site.Endpoint.Port}/")).ShouldBe("checked");
        lookups.ShouldBe(1);
    }

    [Fact]
    public async Task AnAllowedEndpointAllowsNoOtherAddressOnItsPortNorOtherPort()
    {
        await using var site = await LoopbackSite.StartAsync(context => context.Response.WriteAsync("no"));
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        foreach (var url in (string[])
            [$"http://127.0.0.2:{site.Endpoint.Port}/", "http://127.0.0.1/", $"http://[::1]:{site.Endpoint.Port}/"])
        {
            (await RefusalAsync(http, url)).Kind.ShouldBe(ErrorKind.Forbidden, url);
        }
    }

    [Fact]
    public async Task OfSeveralAddressesOnlyThePermittedOnesAreDialled()
    {
        await using var site = await LoopbackSite.StartAsync(context => context.Response.WriteAsync("there"));
        var options = site.Options with
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.3"), IPAddress.Loopback]),
        };
        using var http = new GuardedHttp(options, TimeProvider.System);
        (await ReadAsync(http, $"http://several.example:{site.Endpoint.Port}/")).ShouldBe("there");
    }

    [Theory]
    [InlineData(404, ErrorKind.NotFound)]
    [InlineData(410, ErrorKind.NotFound)]
    [InlineData(403, ErrorKind.Invalid)]
    [InlineData(304, ErrorKind.Invalid)]
    [InlineData(429, ErrorKind.Unavailable)]
    [InlineData(503, ErrorKind.Unavailable)]
    public async Task ARefusalOfTheSiteSaysWhetherTryingAgainMayHelp(int status, ErrorKind kind)
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        var refusal = await RefusalAsync(http, site["/"]);
        refusal.Kind.ShouldBe(kind);
        refusal.Message.ShouldContain($"({status})");
    }

    [Fact]
    public async Task ASiteThatDripsIsLeftWhenTheTotalTimeIsOver()
    {
        var dripped = new TaskCompletionSource();
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            await context.Response.WriteAsync("drip");
            await context.Response.Body.FlushAsync();
            dripped.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var time = new FakeTimeProvider();
        using var http = new GuardedHttp(site.Options, time);
        var refusal = RefusalAsync(http, site["/"]);
        await dripped.Task;
        time.Advance(site.Options.TotalTimeout);
        (await refusal).Kind.ShouldBe(ErrorKind.DeadlineExceeded);
    }

    [Fact]
    public async Task ASiteThatAnswersNothingIsLeftWhenTheTimeForHeadersIsOver()
    {
        var asked = new TaskCompletionSource();
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var time = new FakeTimeProvider();
        using var http = new GuardedHttp(site.Options, time);
        var refusal = RefusalAsync(http, site["/"]);
        await asked.Task;
        time.Advance(site.Options.HeaderTimeout);
        (await refusal).Message.ShouldBe("127.0.0.1 took longer than 10 seconds.");
    }

    [Fact]
    public async Task TheCallersCancellationIsNotATimeout()
    {
        using var caller = new CancellationTokenSource();
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        await Should.ThrowAsync<OperationCanceledException>(
            () => http.GetAsync(new Uri(site["/"]), "*/*", BytesMax, caller.Token));
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("announced")]
    [InlineData("gzip bomb")]
    public async Task ABodyOverTheLimitIsRefusedAndNotReadToItsEnd(string how)
    {
        await using var site = await LoopbackSite.StartAsync(context => how switch
        {
            "announced" => AnnounceAsync(context),
            "gzip bomb" => BombAsync(context),
            _ => FloodAsync(context.Response.Body, context.RequestAborted),
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        var refusal = await RefusalAsync(http, site["/"]);
        refusal.Kind.ShouldBe(ErrorKind.LimitExceeded);
        refusal.Message.ShouldBe("127.0.0.1 sent more than 0.06 MiB, which is the most accepted.");
    }

    [Fact]
    public async Task HeadersWithoutEndAreRefused()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            for (var header = 0; header < 40; header++)
                context.Response.Headers[$"X-{header}"] = new string('x', 1000);
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        (await RefusalAsync(http, site["/"])).Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Fact]
    public async Task AConnectionThatBreaksAndDamagedCompressionAreTheSitesFault()
    {
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            if (context.Request.Path == "/gzip")
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await context.Response.WriteAsync("this is not gzip");
                return;
            }

            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        foreach (var path in (string[])["/gzip", "/broken"])
            (await RefusalAsync(http, site[path])).Kind.ShouldBe(ErrorKind.Unavailable, path);
    }

    [Fact]
    public async Task AHostWithoutServerOrWithoutAddressIsSaidSo()
    {
        var site = await LoopbackSite.StartAsync(_ => Task.CompletedTask);
        var (options, url) = (site.Options, site["/"]);
        await site.DisposeAsync();
        options = options with { Resolve = (_, _) => Task.FromResult<IPAddress[]>([]) };
        using var http = new GuardedHttp(options, TimeProvider.System);
        (await RefusalAsync(http, url)).Message.ShouldBe("127.0.0.1 cannot be reached.");
        (await RefusalAsync(http, "http://nowhere.example/")).Kind.ShouldBe(ErrorKind.NotFound);
    }

    [Fact]
    public async Task ACertificateThatNobodyVouchesForIsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var end = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, end);
        await using var site = await LoopbackSite.StartAsync(_ => Task.CompletedTask, certificate);
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        (await RefusalAsync(http, site["/"])).Message.ShouldBe("127.0.0.1 has no valid certificate for https.");
    }

    static async Task AnnounceAsync(HttpContext context)
    {
        context.Response.ContentLength = BytesMax + 1;
        await context.Response.Body.WriteAsync(new byte[BytesMax + 1], context.RequestAborted);
    }

    static async Task BombAsync(HttpContext context)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await FloodAsync(gzip, context.RequestAborted);
    }

    static async Task FloodAsync(Stream body, CancellationToken aborted)
    {
        var zeros = new byte[64 * 1024];
        while (!aborted.IsCancellationRequested)
            await body.WriteAsync(zeros, aborted);
    }

    static async Task<string> ReadAsync(GuardedHttp http, string url)
    {
        using var answer = await http.GetAsync(new Uri(url), "*/*", BytesMax, Cancellation);
        return Encoding.UTF8.GetString(await answer.Body.ReadStartAsync(int.MaxValue, Cancellation));
    }

    static Task<PinfoldException> RefusalAsync(GuardedHttp http, string url) =>
        Should.ThrowAsync<PinfoldException>(() => ReadAsync(http, url));
}
