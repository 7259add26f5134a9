using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>An image that is cut is refused, unless every pixel of it is there: nothing is shown in grey.</summary>
public sealed class CutImageTests : IDisposable
{
    readonly ImageFolder _folder = new();
    readonly ImageRenderer _renderer = new(ImageLimits.Default);
    readonly ImageFiles _files;

    public CutImageTests() => _files = new ImageFiles(_folder.Path, ImageLimits.Default);

    static int CutsPerImage => Soak.Times(6, soaking: 100);

    [Fact]
    public async Task ACutImageIsRefusedUnlessItLooksAsTheWholeOne()
    {
        var seed = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine);
        var random = seed.NewRandom();
        var (shown, refused) = (0, 0);
        foreach (var sample in Sample.Made)
        {
            var bytes = sample.Read();
            var whole = await RenderAsync(bytes);
            for (var cut = 0; cut < CutsPerImage; cut++)
            {
                // As many near the end, where it is hard to tell.
                var length = random.Next(cut % 2 == 0 ? 1 : bytes.Length - 40, bytes.Length);
                byte[][] variants = sample.Format == ImageFormat.Jpeg && !IsBetweenScans(bytes, length)
                    ? [bytes[..length], [.. bytes[..length], .. TestImages.JpegEnd]]
                    : [bytes[..length]];
                foreach (var variant in variants)
                    if (await TryRenderAsync(variant) is { } rendered)
                    {
                        var what = $"{sample.Name} cut to {length} of {bytes.Length}, seed {seed.Value}";
                        rendered.Renditions[^1].WebP.ShouldBe(whole.Renditions[^1].WebP, what);
                        shown++;
                    }
                    else
                        refused++;
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{shown} shown, {refused} refused");
        refused.ShouldBeGreaterThan(Sample.Made.Count);
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task OfACutJpegNothingIsFilledUpWithGreyWhereverItIsCut()
    {
        foreach (var name in (string[])["baseline.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"])
        {
            var bytes = Sample.Named(name).Read();
            var data = TestImages.SegmentStarts(bytes)[^1] + 20;
            for (var part = 0.0; part < 0.97; part += 0.12)
            {
                var end = (int)(data + ((bytes.Length - data) * part));
                (await TryRenderAsync([.. bytes[..end], .. TestImages.JpegEnd])).ShouldBeNull($"{name} at {part:P0}");
            }
        }
    }

    [Theory]
    [InlineData("damaged/whole.jpg", null)]
    [InlineData("damaged/cut.jpg", "This JPEG is cut short: ")]
    [InlineData("damaged/cut.png", "This image is cut short: ")]
    [InlineData("damaged/cut.webp", "This WebP is cut short: ")]
    [InlineData("no-end-marker.jpg", null)]
    [InlineData("junk/junk-between-segments.jpg", null)]
    [InlineData("reasons/a.jpg", "This JPEG is cut short: ")]
    [InlineData("reasons/b.png", "This PNG is damaged: it has no picture in it.")]
    public async Task TheSamplesAreTakenOrRefusedWithTheirOwnReason(string name, string? reason)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Samples", "images", name));
        if (reason is null)
            (await RenderAsync(bytes)).Width.ShouldBeGreaterThan(0);
        else
            (await Should.ThrowAsync<PinfoldException>(() => RenderAsync(bytes))).Message.ShouldStartWith(reason);
        _folder.Files.ShouldBeEmpty();
    }

    /// <summary>With an end mark at the end of a scan, a JPEG is whole: one of fewer passes, as its maker may have
    /// wanted it.</summary>
    [Fact]
    public async Task AProgressiveJpegThatSaysItEndsAfterAPassIsTaken()
    {
        var bytes = Sample.Named("progressive.jpg").Read();
        var last = bytes.AsSpan().LastIndexOf([(byte)0xFF, (byte)JpegMarker.Scan]);
        foreach (var length in (int[])[last, last + 1])
        {
            IsBetweenScans(bytes, length).ShouldBeTrue();
            (await RenderAsync([.. bytes[..length], .. TestImages.JpegEnd])).Width.ShouldBeGreaterThan(0);
            (await TryRenderAsync(bytes[..length])).ShouldBeNull();
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Whether a marker stands here, or here behind its first byte (which may be repeated).</summary>
    static bool IsBetweenScans(byte[] jpeg, int length) =>
        IsMarker(jpeg.AsSpan(length)) || IsMarker(jpeg.AsSpan(length - 1));

    static bool IsMarker(ReadOnlySpan<byte> bytes) =>
        bytes is [0xFF, not (0 or 0xFF or (>= 0xD0 and <= 0xD7)), ..];

    async Task<RenderedImage?> TryRenderAsync(byte[] image)
    {
        try
        {
            return await RenderAsync(image);
        }
        catch (PinfoldException refusal) when (refusal.Kind == ErrorKind.Invalid)
        {
            return null;
        }
    }

    async Task<RenderedImage> RenderAsync(byte[] image)
    {
        using var incoming = await _files.TakeInAsync(new MemoryStream(image), default);
        return await _renderer.RenderAsync(incoming.Path, default);
    }
}
