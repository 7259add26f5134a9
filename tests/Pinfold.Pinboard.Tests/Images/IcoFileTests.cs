using System.Buffers.Binary;
using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class IcoFileTests(ITestOutputHelper output)
{
    [Fact]
    public void OfItsPicturesTheSmallestThatIsLargeEnoughIsTaken()
    {
        Libvips.Restrict();
        var file = Ico((16, Bitmap(16, 32)), (48, Png(48)), (32, Png(32)));
        using var image = Image.NewFromBuffer(IcoFile.ImageIn(file)!);
        image.Width.ShouldBe(32);
        using var only = Image.NewFromBuffer(IcoFile.ImageIn(Ico((16, Bitmap(16, 32))))!);
        only.Width.ShouldBe(16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(32)]
    public void ABitmapOfAnyDepthIsUprightInItsColoursAndSeenThroughWhereItSaysSo(int bits)
    {
        Libvips.Restrict();
        using var image = Image.NewFromBuffer(IcoFile.ImageIn(Ico((8, Bitmap(8, bits))))!);
        (image.Width, image.Height, image.Bands).ShouldBe((8, 8, 4));
        // The left upper corner is red, all else blue, and the right lower one is not there.
        image.Getpoint(0, 0).ShouldBe([255, 0, 0, 255]);
        image.Getpoint(1, 0).ShouldBe([0, 0, 255, 255]);
        image.Getpoint(7, 7)[3].ShouldBe(0);
    }

    [Fact]
    public void WhatIsDamagedIsNoneAndNeverACrash()
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        byte[][] whole = [.. new[] { 1, 4, 8, 24, 32 }.Select(bits => Ico((8, Bitmap(8, bits))))];
        for (var i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. whole[random.Next(whole.Length)]];
            for (var j = random.Next(1, 5); j > 0; j--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            IcoFile.ImageIn(damaged.AsSpan(0, random.Next(damaged.Length + 1)));
        }
        IcoFile.ImageIn("no icon"u8).ShouldBeNull();
        IcoFile.ImageIn([]).ShouldBeNull();
    }

    static byte[] Png(int side)
    {
        using var black = Image.Black(side, side, 3);
        return black.PngsaveBuffer();
    }

    /// <summary>Bottom row first, colours as blue, green, red; then the mask.</summary>
    static byte[] Bitmap(int side, int bits)
    {
        var colours = bits <= 8 ? 1 << bits : 0;
        var (stride, mask) = ((side * bits + 31) / 32 * 4, (side + 31) / 32 * 4);
        var bitmap = new byte[40 + (colours * 4) + ((stride + mask) * side)];
        BinaryPrimitives.WriteInt32LittleEndian(bitmap, 40);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(4), side);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(8), side * 2);
        (bitmap[12], bitmap[14]) = (1, (byte)bits);
        if (colours > 0)
            (bitmap[40], bitmap[40 + 4 + 2]) = (255, 255);
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var row = bitmap.AsSpan(40 + (colours * 4) + ((side - 1 - y) * stride));
                var isRed = x == 0 && y == 0;
                if (bits <= 8)
                    row[x * bits / 8] |= (byte)((isRed ? 1 : 0) << (8 - bits - (x * bits % 8)));
                else
                    (row[(x * bits / 8) + (isRed ? 2 : 0)]) = 255;
                if (bits == 32)
                    row[(x * 4) + 3] = (byte)(x == side - 1 && y == side - 1 ? 0 : 255);
            }
        bitmap[40 + (colours * 4) + (stride * side) + ((side - 1) / 8)] |= (byte)(1 << (7 - ((side - 1) % 8)));
        return bitmap;
    }

    static byte[] Ico(params (int Side, byte[] Picture)[] pictures)
    {
        var file = new List<byte>([0, 0, 1, 0, (byte)pictures.Length, 0]);
        var at = 6 + (pictures.Length * 16);
        foreach (var (side, picture) in pictures)
        {
            var entry = new byte[16];
            (entry[0], entry[1]) = ((byte)side, (byte)side);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), picture.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), at);
            file.AddRange(entry);
            at += picture.Length;
        }
        return [.. file, .. pictures.SelectMany(p => p.Picture)];
    }
}
