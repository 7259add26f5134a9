using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class ImageHeaderTests
{
    [Fact]
    public void TheHeaderOfEveryImageSaysItsFormatAndItsSizeAsStored()
    {
        foreach (var sample in Sample.All)
        {
            var header = Read(sample.Read());
            (header.Format, header.Width, header.Height)
                .ShouldBe((sample.Format, sample.Width, sample.Height), sample.Name);
        }
    }

    [Theory]
    [InlineData("moving.gif", true)]
    [InlineData("still.gif", false)]
    [InlineData("moving.webp", true)]
    [InlineData("alpha.webp", false)]
    [InlineData("plain.png", false)]
    public void AnImageThatMovesIsKnownFromItsHeader(string name, bool moves) =>
        Read(Sample.Named(name).Read()).IsAnimated.ShouldBe(moves);

    [Fact]
    public void APngWithAnAnimationControlChunkMoves()
    {
        var png = Sample.Named("plain.png").Read();
        const int endOfHeader = 33;
        byte[] control = [0, 0, 0, 8, .. "acTL"u8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0];
        Read([.. png[..endOfHeader], .. control, .. png[endOfHeader..]]).IsAnimated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("\0\0\0\u0020ftypavif\0\0\0\0avifmif1miaf", "AVIF")]
    [InlineData("\0\0\0\u0020ftypmif1\0\0\0\0mif1avif", "AVIF")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "HEIF")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1heic", "HEIF")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42", "video")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")]
    [InlineData("<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG")]
    [InlineData("<!DOCTYPE html><title>No</title>", "web page")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("II*\0\b\0\0\0", "TIFF")]
    [InlineData("PK\u0003\u0004\0\0\0\0", "zip")]
    [InlineData("Just some words.", "text")]
    [InlineData("\u0001\u0002\u0003\u0004", "not an image of a known format")]
    [InlineData("", "empty file")]
    public void WhatIsNotAcceptedIsNamedTogetherWithWhatIs(string content, string named)
    {
        var refusal = Should.Throw<PinfoldException>(() => Read(Encoding.Latin1.GetBytes(content)));
        refusal.Kind.ShouldBe(ErrorKind.Invalid);
        refusal.Message.ShouldContain(named);
        refusal.Message.ShouldContain("JPEG, PNG, WebP and GIF");
    }

    [Fact]
    public void ABombOf30000By30000PixelsIsRefusedByItsHeader()
    {
        var refusal = Should.Throw<PinfoldException>(() => Read(PngOf(30_000, 30_000)));
        refusal.Kind.ShouldBe(ErrorKind.LimitExceeded);
        refusal.Message.ShouldBe("This image is 30000 x 30000 pixels; a side may have 20000 at most.");
    }

    [Fact]
    public void ManyPixelsOnShortSidesAreRefusedToo() =>
        Should.Throw<PinfoldException>(() => Read(PngOf(15_000, 15_000))).Message
            .ShouldBe("This image is 15000 x 15000 pixels; 100 million in all are the most.");

    [Theory]
    [InlineData(0u, 10u)]
    [InlineData(10u, 0u)]
    [InlineData(uint.MaxValue, 10u)]
    public void AnImpossibleSizeIsDamage(uint width, uint height) =>
        Should.Throw<PinfoldException>(() => Read(PngOf(width, height))).Kind.ShouldBe(ErrorKind.Invalid);

    [Fact]
    public void AFileOverTheByteLimitIsRefusedWithoutReadingIt()
    {
        var limits = new ImageLimits { FileBytesMax = 1024 };
        Should.Throw<PinfoldException>(() => ImageHeader.Read(new MemoryStream(new byte[1025]), limits))
            .Kind.ShouldBe(ErrorKind.LimitExceeded);
    }

    [Fact]
    public void AJpegWithMoreMetadataThanABufferIsReadToItsSize()
    {
        var jpeg = Sample.Named("baseline.jpg").Read();
        byte[] comment = [0xFF, 0xFE, 0xFF, 0xFF, .. new byte[65_533]];
        var padded = Enumerable.Repeat(comment, 20).SelectMany(bytes => bytes);
        var header = Read([.. jpeg[..2], .. padded, .. jpeg[2..]]);
        (header.Width, header.Height).ShouldBe((297, 403));
    }

    [Fact]
    public void AnyBytesAfterASignatureAreReadOrRefusedAndNothingElse()
    {
        byte[][] signatures =
        [
            [0xFF, 0xD8, 0xFF], [0x89, .. "PNG\r\n\u001A\n"u8], [.. "GIF89a"u8],
            [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8X"u8], [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8],
            [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8L"u8],
        ];
        var starts = Gen.Int[0, signatures.Length - 1].Select(i => signatures[i]);
        Gen.Select(starts, Gen.Byte.Array[0, 600]).Sample((signature, rest) =>
        {
            try
            {
                var header = Read([.. signature, .. rest]);
                return header is { Width: > 0, Height: > 0 };
            }
            catch (PinfoldException)
            {
                return true;
            }
        }, iter: 20_000);
    }

    internal static byte[] PngOf(uint width, uint height)
    {
        byte[] png =
        [
            0x89, .. "PNG\r\n\u001A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82,
        ];
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    static ImageHeader Read(byte[] bytes) => ImageHeader.Read(new MemoryStream(bytes), ImageLimits.Default);
}
