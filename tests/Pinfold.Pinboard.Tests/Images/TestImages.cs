using System.Text;
using NetVips;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>Images that no encoder here writes, put together by hand.</summary>
static class TestImages
{
    public static readonly byte[] JpegEnd = [0xFF, 0xD9];

    /// <summary>A GIF of so many pictures of one pixel.</summary>
    public static byte[] Gif(int width, int height, int frames)
    {
        var gif = new List<byte>([
            .. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0,
            0, 0, 0, 255, 255, 255,
        ]);
        for (var i = 0; i < frames; i++)
            gif.AddRange([0x21, 0xF9, 4, 0, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
        return [.. gif, 0x3B];
    }

    /// <summary>A WebP that moves: so many pictures of 16 x 16 pixels on a canvas.</summary>
    public static byte[] MovingWebP(int width, int height, int frames)
    {
        using var photo = Sample.Photograph();
        using var corner = photo.Crop(0, 0, 16, 16);
        var picture = corner.WebpsaveBuffer(lossless: true, keep: Enums.ForeignKeep.None)[12..];
        var body = new MemoryStream();
        Chunk(body, "VP8X", [2, 0, 0, 0, .. Int24(width - 1), .. Int24(height - 1)]);
        Chunk(body, "ANIM", new byte[6]);
        for (var i = 0; i < frames; i++)
            Chunk(body, "ANMF", [
                .. Int24(0), .. Int24(0), .. Int24(15), .. Int24(15), .. Int24(100), 0, .. picture,
                .. new byte[picture.Length & 1],
            ]);
        return [.. "RIFF"u8, .. BitConverter.GetBytes((int)body.Length + 4), .. "WEBP"u8, .. body.ToArray()];
    }

    /// <summary>A JPEG segment with its marker and length.</summary>
    public static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    /// <summary>Where the segments of a JPEG's header begin, the first scan's too.</summary>
    public static IReadOnlyList<int> SegmentStarts(byte[] jpeg)
    {
        var starts = new List<int>();
        for (var at = 2; ; at += 2 + (jpeg[at + 2] << 8) + jpeg[at + 3])
        {
            starts.Add(at);
            if (jpeg[at + 1] == 0xDA)
                return starts;
        }
    }

    static void Chunk(MemoryStream body, string name, byte[] content)
    {
        body.Write(Encoding.ASCII.GetBytes(name));
        body.Write(BitConverter.GetBytes(content.Length));
        body.Write(content);
        if (content.Length % 2 == 1)
            body.WriteByte(0);
    }

    static byte[] Int24(int number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16)];
}
