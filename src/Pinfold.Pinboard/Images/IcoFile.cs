using System.Buffers.Binary;
using NetVips;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// The icon files that browsers have asked for since 1999: several pictures in one, each a PNG or a bitmap as Windows
/// has it in memory. No decoder here reads them, so the bitmap is read by hand, and becomes a PNG.
/// </summary>
/// <remarks>Microsoft, "The format of icon resources"; BITMAPINFOHEADER; the mask is the second half of its
/// height.</remarks>
static class IcoFile
{
    const int FileHeaderBytes = 6;
    const int EntryBytes = 16;
    const int BitmapHeaderBytes = 40;
    const int BitmapHeaderBytesMax = 124;
    const int SideWanted = 32;
    const int SideMax = 256;
    const int PicturesMax = 64;

    static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>
    /// Of its pictures the smallest that is large enough, else the largest; null for what is no icon file, or one that
    /// is damaged.
    /// </summary>
    public static byte[]? ImageIn(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeaderBytes || !file.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]))
            return null;
        var count = Math.Min(PicturesMax, (int)BinaryPrimitives.ReadUInt16LittleEndian(file[4..]));
        var (best, bestSide) = ((byte[]?)null, 0);
        for (var i = 0; i < count && file.Length >= FileHeaderBytes + ((i + 1) * EntryBytes); i++)
        {
            var entry = file.Slice(FileHeaderBytes + (i * EntryBytes), EntryBytes);
            var side = entry[0] == 0 ? SideMax : entry[0];
            var isBetter = bestSide >= SideWanted ? side >= SideWanted && side < bestSide : side > bestSide;
            var (length, at) = (UInt32(entry, 8), UInt32(entry, 12));
            if (isBetter && at + (ulong)length <= (ulong)file.Length
                && PictureOf(file.Slice((int)at, (int)length)) is { } picture)
                (best, bestSide) = (picture, side);
        }
        return best;
    }

    static byte[]? PictureOf(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith(PngSignature))
            return data.ToArray();
        if (data.Length < BitmapHeaderBytes || UInt32(data, 0) is < BitmapHeaderBytes or > BitmapHeaderBytesMax
            || UInt32(data, 16) != 0)
            return null;
        var (width, height, bits) = ((int)UInt32(data, 4), (int)UInt32(data, 8) / 2, data[14]);
        return width is > 0 and <= SideMax && height is > 0 and <= SideMax && bits is 1 or 4 or 8 or 24 or 32
            && Pixels(data, width, height, bits) is { } pixels
                ? ToPng(pixels, width, height) : null;
    }

    /// <summary>Red, green, blue and how opaque, row by row from the top; null when there are not enough.</summary>
    static byte[]? Pixels(ReadOnlySpan<byte> data, int width, int height, int bits)
    {
        var named = (int)UInt32(data, 32);
        var colours = bits > 8 ? 0 : named is > 0 and <= 256 ? named : 1 << bits;
        var palette = (int)UInt32(data, 0);
        var rows = palette + (colours * 4);
        var (stride, maskStride) = (Stride(width * bits), Stride(width));
        var mask = rows + (stride * height);
        if (mask > data.Length)
            return null;
        var hasMask = bits < 32 && mask + (maskStride * height) <= data.Length;
        var pixels = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var row = data[(rows + ((height - 1 - y) * stride))..];
                var colour = bits >= 24 ? row[(x * bits / 8)..]
                    : data[(palette + (Math.Min(colours - 1, Index(row, x, bits)) * 4))..];
                var isMasked = hasMask && Index(data[(mask + ((height - 1 - y) * maskStride))..], x, 1) == 1;
                var pixel = pixels.AsSpan(((y * width) + x) * 4);
                (pixel[0], pixel[1], pixel[2]) = (colour[2], colour[1], colour[0]);
                pixel[3] = bits == 32 ? colour[3] : (byte)(isMasked ? 0 : 255);
            }
        return pixels;
    }

    static int Index(ReadOnlySpan<byte> row, int x, int bits) =>
        (row[x * bits / 8] >> (8 - bits - (x * bits % 8))) & ((1 << bits) - 1);

    /// <summary>Rows begin at multiples of four bytes.</summary>
    static int Stride(int bits) => (bits + 31) / 32 * 4;

    static byte[] ToPng(byte[] pixels, int width, int height)
    {
        using var raw = Image.NewFromMemory(pixels, width, height, 4, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return image.PngsaveBuffer();
    }

    static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
