using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Bare;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>What others get of an original: the same picture, and nothing of what else its file says.</summary>
public sealed class BareImageTests : IDisposable
{
    readonly ImageFolder _folder = new();

    [Fact]
    public async Task EveryImageIsTheSamePictureWithoutItsMetadata()
    {
        foreach (var sample in Soak.Sample(Sample.All, Sample.Made.Count + 30, Sample.Made.Contains))
        {
            var original = await TakenInAsync(sample);
            var bare = await BareAsync(original, sample);
            using var before = Upright(original);
            using var after = Upright(bare);
            (after.Width, after.Height, after.Bands).ShouldBe((before.Width, before.Height, before.Bands), sample.Name);
            using var difference = (before - after).Abs();
            difference.Max().ShouldBe(0, sample.Name);
            using var image = Image.NewFromBuffer(bare);
            image.GetFields().Where(IsRemark).ShouldBeEmpty(sample.Name);
        }
    }

    [Theory]
    [InlineData("gps.jpg")]
    [InlineData("gps.png")]
    [InlineData("gps.webp")]
    public async Task APlaceIsInTheOriginalAndNotInWhatOthersGet(string name)
    {
        var sample = Sample.Named(name);
        using (var original = Image.NewFromBuffer(sample.Read()))
            original.Contains("exif-ifd3-GPSLatitude").ShouldBeTrue();
        var bare = await BareAsync(sample.Read(), sample);
        using var image = Image.NewFromBuffer(bare);
        image.Contains("exif-ifd3-GPSLatitude").ShouldBeFalse();
        bare.AsSpan().IndexOf("Pinhole"u8).ShouldBe(-1);
    }

    [Fact]
    public async Task RemarksOfAJpegAndAGifAreLeftOut()
    {
        var jpeg = Sample.Named("baseline.jpg");
        byte[] told = [
            .. jpeg.Read()[..2], .. TestImages.Segment(0xFE, [.. "written by Ann"u8]),
            .. TestImages.Segment(0xED, [.. "Photoshop 3.0\0 by Ann"u8]),
            .. TestImages.Segment(0xE2, [.. "MPF\0 by Ann"u8]), .. jpeg.Read()[2..],
        ];
        (await BareAsync(told, jpeg)).AsSpan().IndexOf("by Ann"u8).ShouldBe(-1);

        var gif = TestImages.Gif(4, 4, frames: 2);
        var at = 13 + 6;
        gif = [
            .. gif[..at], 0x21, 0xFE, 6, .. "by Ann"u8, 0,
            0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0,
            0x21, 0xFF, 11, .. "XMP DataXMP"u8, 6, .. "by Ann"u8, 0, .. gif[at..],
        ];
        var bare = await BareAsync(gif, Sample.Named("moving.gif"));
        bare.AsSpan().IndexOf("by Ann"u8).ShouldBe(-1);
        bare.AsSpan().IndexOf("NETSCAPE2.0"u8).ShouldBeGreaterThan(0, "how often it is repeated is part of it");
    }

    public void Dispose() => _folder.Dispose();

    async Task<byte[]> BareAsync(byte[] original, Sample sample)
    {
        var bare = BareImage.Of(_folder.Write("original", original), sample.Format);
        using var written = new MemoryStream();
        await bare.WriteToAsync(written, TestContext.Current.CancellationToken);
        written.Length.ShouldBe(bare.Length, sample.Name);
        return written.ToArray();
    }

    /// <summary>As its intake leaves it.</summary>
    async Task<byte[]> TakenInAsync(Sample sample)
    {
        var files = new ImageFiles(_folder["files"], ImageLimits.Default);
        using var incoming = await files.TakeInAsync(
            new MemoryStream(sample.Read()), TestContext.Current.CancellationToken);
        return await File.ReadAllBytesAsync(incoming.Path, TestContext.Current.CancellationToken);
    }

    static Image Upright(byte[] image)
    {
        using var read = Image.NewFromBuffer(image);
        using var turned = read.Autorot();
        return turned.CopyMemory();
    }

    /// <summary>A profile of colours and the turning are of the picture.</summary>
    static bool IsRemark(string field) =>
        (field.StartsWith("exif-", StringComparison.Ordinal)
            && !field.EndsWith("-Orientation", StringComparison.Ordinal) && !IsSaidOfAllExif(field))
        || field is "xmp-data" or "iptc-data" or "photoshop-data"
        || field.StartsWith("png-comment", StringComparison.Ordinal)
        || field.StartsWith("gif-comment", StringComparison.Ordinal);

    /// <summary>What libexif adds to whatever it reads.</summary>
    static bool IsSaidOfAllExif(string field) => field[(field.LastIndexOf('-') + 1)..] is
        "data" or "XResolution" or "YResolution" or "ResolutionUnit" or "ExifVersion" or "FlashpixVersion"
        or "FlashPixVersion" or "ColorSpace"
        or "ComponentsConfiguration" or "PixelXDimension" or "PixelYDimension" or "YCbCrPositioning";
}
