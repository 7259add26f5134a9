using System.Security.Cryptography;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Extents;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>Which bytes are the image: those are kept, and no others.</summary>
public sealed class ImageExtentTests : IDisposable
{
    const int JunkBytes = 300_000;

    readonly ImageFolder _folder = new();
    readonly ImageFiles _files;

    public ImageExtentTests() => _files = new ImageFiles(_folder.Path, ImageLimits.Default);

    [Fact]
    public async Task WhatLiesBehindAnImageIsNotKept()
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        var junk = new byte[JunkBytes];
        random.NextBytes(junk);
        foreach (var sample in Sample.Made)
        {
            var whole = sample.Read();
            await ShouldKeepAsync([.. whole, .. junk], whole, sample.Name);
            await ShouldKeepAsync([.. whole, .. Sample.Named("plain.png").Read()], whole, sample.Name);
            await ShouldKeepAsync([.. whole, .. "PK\u0003\u0004 an archive"u8], whole, sample.Name);
            await ShouldKeepAsync([.. whole, 0], whole, sample.Name);
        }
    }

    [Fact]
    public async Task RealImagesOfManyCamerasAreKeptFromTheirStartToTheirOwnEnd()
    {
        foreach (var sample in Sample.All)
        {
            using var kept = await TakeInAsync(sample.Read());
            kept.Image.Bytes.ShouldBeLessThanOrEqualTo(sample.Read().Length, sample.Name);
            kept.Image.Header.Width.ShouldBe(sample.Width, sample.Name);
            (await File.ReadAllBytesAsync(kept.Path)).ShouldBe(sample.Read()[..(int)kept.Image.Bytes], sample.Name);
        }
    }

    [Theory]
    [InlineData("baseline.jpg", 2)]
    [InlineData("progressive.jpg", 2)]
    [InlineData("cmyk.jpg", 2)]
    [InlineData("plain.png", 12)]
    [InlineData("interlaced.png", 7)]
    [InlineData("still.gif", 1)]
    [InlineData("moving.gif", 1)]
    public async Task AMissingEndMarkIsPutThere(string name, int missing)
    {
        var whole = Sample.Named(name).Read();
        await ShouldKeepAsync(whole[..^missing], whole, name);
    }

    [Theory]
    [InlineData("webp")]
    [InlineData("png")]
    [InlineData("jpg")]
    public async Task AnImageWithoutAPictureIsRefusedForThat(string format)
    {
        var bytes = format switch
        {
            "png" => ImageHeaderTests.PngOf(32, 32),
            "jpg" => [.. Sample.Named("baseline.jpg").Read()[..HeaderEnd()], .. TestImages.JpegEnd],
            _ => Sample.Named("lossless.webp").Read()[..^20],
        };
        var refusal = await Should.ThrowAsync<PinfoldException>(() => TakeInAsync(bytes));
        refusal.Kind.ShouldBe(ErrorKind.Invalid);
        refusal.Message.ShouldBe(format == "webp"
            ? $"This WebP is cut short: 20 of its {bytes.Length + 20:N0} bytes are missing."
            : $"This {(format == "png" ? "PNG" : "JPEG")} is damaged: it has no picture in it.");
        _folder.Files.ShouldBeEmpty();

        static int HeaderEnd() => TestImages.SegmentStarts(Sample.Named("baseline.jpg").Read())[^1];
    }

    [Fact]
    public async Task StrayBytesBetweenSegmentsAreSkipped()
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        var whole = Sample.Named("baseline.jpg").Read();
        // Not before the first: by it a JPEG is known.
        foreach (var start in TestImages.SegmentStarts(whole).Skip(1))
        {
            var stray = new byte[random.Next(1, 2000)];
            random.NextBytes(stray);
            stray.AsSpan().Replace((byte)0xFF, (byte)0);
            byte[] withStray = [.. whole[..start], .. stray, .. whole[start..]];
            await ShouldKeepAsync(withStray, withStray, $"at {start}");
            (await RenderAsync(withStray)).Renditions[^1].WebP
                .ShouldBe((await RenderAsync(whole)).Renditions[^1].WebP, $"at {start}");
        }
    }

    [Fact]
    public async Task ThousandsOfPicturesInOneAreTooMany()
    {
        foreach (var image in (byte[][])[TestImages.Gif(8, 8, ImageExtent.FramesMax + 1),
            TestImages.MovingWebP(16, 16, ImageExtent.FramesMax + 1)])
            (await Should.ThrowAsync<PinfoldException>(() => TakeInAsync(image))).Message
                .ShouldContain($"{ImageExtent.FramesMax + 1:N0} pictures");
        using var most = await TakeInAsync(TestImages.Gif(8, 8, ImageExtent.FramesMax));
    }

    [Fact]
    public async Task AJpegOfHundredsOfScansIsTooMuch()
    {
        var jpeg = Sample.Named("progressive.jpg").Read();
        var lastScan = jpeg.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        var scan = jpeg[lastScan..^2];
        byte[] bomb = [.. jpeg[..^2], .. Enumerable.Repeat(scan, 300).SelectMany(s => s), .. TestImages.JpegEnd];
        (await Should.ThrowAsync<PinfoldException>(() => TakeInAsync(bomb))).Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Theory]
    [InlineData(16_000, 16_000)]
    [InlineData(16_000, 4_000)]
    public async Task AMovingWebPOfAHugeCanvasIsRefusedByItsHeader(int width, int height) =>
        (await Should.ThrowAsync<PinfoldException>(() => TakeInAsync(TestImages.MovingWebP(width, height, 2))))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);

    public void Dispose() => _folder.Dispose();

    async Task ShouldKeepAsync(byte[] received, byte[] kept, string name)
    {
        using var incoming = await TakeInAsync(received);
        incoming.Image.Bytes.ShouldBe(kept.Length, name);
        incoming.Image.Hash.ShouldBe(ContentHash.Of(SHA256.HashData(kept)), name);
        (await File.ReadAllBytesAsync(incoming.Path)).ShouldBe(kept, name);
    }

    async Task<RenderedImage> RenderAsync(byte[] image)
    {
        using var incoming = await TakeInAsync(image);
        return await new ImageRenderer(ImageLimits.Default).RenderAsync(incoming.Path, default);
    }

    Task<IncomingImage> TakeInAsync(byte[] image) => _files.TakeInAsync(new MemoryStream(image), default);
}
