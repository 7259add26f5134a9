using System.Text;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Fetching;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Tests.Images;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class UrlFetcherTests
{
    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APageGivesItsPreviewAndTheAddressAfterRedirects()
    {
        var fetched = await FetchPageAsync(context =>
        {
            if (context.Request.Path == "/short")
            {
                context.Response.Redirect("/long/page");
                return Task.CompletedTask;
            }

            context.Response.ContentType = "text/html; charset=\"windows-1252\"";
            byte[] page = [.. "<title>K"u8, 0xE4, .. "se</title><meta property=og:image content=cheese.jpg>"u8];
            return context.Response.Body.WriteAsync(page, Cancellation).AsTask();
        }, "/short");
        fetched.IsImage.ShouldBeFalse();
        fetched.Url.AbsolutePath.ShouldBe("/long/page");
        fetched.Preview.Title.ShouldBe("Käse");
        fetched.Preview.Image!.AbsolutePath.ShouldBe("/long/cheese.jpg");
    }

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task AnImageIsKnownByItsBytesWhateverTheSiteSays(string? contentType)
    {
        var fetched = await FetchPageAsync(context => SendAsync(context, contentType, Photo), "/my-photo_1.jpg");
        fetched.IsImage.ShouldBeTrue();
        fetched.Preview.Title.ShouldBe("my photo 1");
        fetched.Preview.Image.ShouldBe(fetched.Url);
    }

    [Theory]
    [InlineData("application/pdf", "%PDF-1.7")]
    [InlineData("text/plain", "just words")]
    [InlineData("image/avif", "\0\0\0 ftypavif")]
    [InlineData(null, "MZ")]
    public async Task WhatIsNeitherPageNorImageIsRefused(string? contentType, string content)
    {
        var refusal = await Should.ThrowAsync<PinfoldException>(() =>
            FetchPageAsync(context => SendAsync(context, contentType, Encoding.UTF8.GetBytes(content)), "/"));
        refusal.Kind.ShouldBe(ErrorKind.Invalid);
        refusal.Message.ShouldContain(contentType ?? "unknown type");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    public async Task APageWithoutAProperTypeIsReadWhenItLooksLikeOne(string? contentType) =>
        (await FetchPageAsync(
            context => SendAsync(context, contentType, "\uFEFF \n<!DOCTYPE html><title>Odd</title>"u8.ToArray()), "/"))
            .Preview.Title.ShouldBe("Odd");

    [Fact]
    public async Task OfAPageWithoutEndTheStartIsEnough()
    {
        var fetched = await FetchPageAsync(async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<title>Endless</title>");
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync(new string(' ', 64 * 1024), context.RequestAborted);
        }, "/");
        fetched.Preview.Title.ShouldBe("Endless");
    }

    [Theory]
    [InlineData("example.org/page")]
    [InlineData("not an address")]
    [InlineData("")]
    [InlineData("mailto:me@example.org")]
    [InlineData("javascript:alert(1)")]
    public async Task WhatIsNotAWebAddressIsRefused(string url)
    {
        using var http = new GuardedHttp(new FetchOptions(), TimeProvider.System);
        var fetcher = new UrlFetcher(http, new FetchOptions());
        (await Should.ThrowAsync<PinfoldException>(() => fetcher.FetchPageAsync(url, Cancellation)))
            .Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Fact]
    public async Task AnImageIsStored()
    {
        using var folder = new ImageFolder();
        var files = new ImageFiles(folder.Path, ImageLimits.Default);
        var stored = await FetchImageAsync(context => SendAsync(context, "image/jpeg", Photo), files);
        stored.Header.Format.ShouldBe(ImageFormat.Jpeg);
        (await File.ReadAllBytesAsync(files.FindOriginal(stored.Hash)!.Path, Cancellation)).ShouldBe(Photo);
    }

    [Fact]
    public async Task AnImageThatIsNoneOrTooLargeOrCutOffLeavesNothing()
    {
        using var folder = new ImageFolder();
        var files = new ImageFiles(folder.Path, new ImageLimits { FileBytesMax = 100_000 });
        RequestDelegate[] answers =
        [
            context => SendAsync(context, "image/jpeg", "<!doctype html>"u8.ToArray()),
            context => SendAsync(context, "image/jpeg", [.. Photo, .. new byte[200_000]]),
            async context =>
            {
                context.Response.ContentLength = Photo.Length;
                await context.Response.Body.WriteAsync(Photo.AsMemory(0, 1000), Cancellation);
                await context.Response.Body.FlushAsync(Cancellation);
                context.Abort();
            },
        ];
        foreach (var answer in answers)
            await Should.ThrowAsync<FetchException>(() => FetchImageAsync(answer, files));
        folder.Files.ShouldBeEmpty();
    }

    static async Task<FetchedPage> FetchPageAsync(RequestDelegate answer, string path)
    {
        await using var site = await LoopbackSite.StartAsync(answer);
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        return await new UrlFetcher(http, site.Options).FetchPageAsync(site[path], Cancellation);
    }

    static async Task<StoredImage> FetchImageAsync(RequestDelegate answer, ImageFiles files)
    {
        await using var site = await LoopbackSite.StartAsync(context => context.Request.Path == "/"
            ? SendAsync(context, "text/html", "<img src=/image>"u8.ToArray())
            : answer(context));
        using var http = new GuardedHttp(site.Options, TimeProvider.System);
        var fetcher = new UrlFetcher(http, site.Options);
        var page = await fetcher.FetchPageAsync(site["/"], Cancellation);
        using var incoming = await fetcher.FetchImageAsync(page, files.TakeInAsync, Cancellation);
        await files.KeepAsync(incoming, new RenderedImage(0, 0, "", 0, []), Cancellation);
        return incoming.Image;
    }

    static Task SendAsync(HttpContext context, string? contentType, byte[] content)
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(content, Cancellation).AsTask();
    }
}
