using System.Buffers.Binary;
using System.Text;
using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>Of a PNG: the chunks that say what it looks like (PNG, 3rd edition, 11), and its turning.</summary>
static class BarePng
{
    const int SignatureBytes = 8;
    const int ChunkHeaderBytes = 8;
    const int CrcBytes = 4;
    const int ExifBytesMax = 64 * 1024;

    static readonly HashSet<string> Kept =
    [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "cICP", "mDCV", "cLLI",
        "acTL", "fcTL", "fdAT",
    ];

    public static void Read(HeaderBytes bytes, BareParts parts)
    {
        bytes.Skip(SignatureBytes);
        parts.Keep(0, SignatureBytes);
        while (bytes.Left >= ChunkHeaderBytes + CrcBytes)
        {
            var start = bytes.Position;
            var length = bytes.UInt32BigEndian();
            var name = Name(bytes.UInt32BigEndian());
            var exif = name == "eXIf" && length <= ExifBytesMax ? bytes.Take((int)length) : [];
            bytes.Skip(length - exif.Length + CrcBytes);
            if (Orientation.ToTiff(Orientation.Of(exif)) is { } turning)
                parts.Write(Chunk("eXIf", turning));
            else if (Kept.Contains(name))
                parts.Keep(start, bytes.Position);
            if (name == "IEND")
                break;
        }
    }

    static string Name(uint type) => Encoding.Latin1.GetString(
        [(byte)(type >> 24), (byte)(type >> 16), (byte)(type >> 8), (byte)type]);

    static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. Encoding.Latin1.GetBytes(name), .. content];
        var chunk = new byte[body.Length + ChunkHeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc(body));
        return chunk;
    }

    /// <summary>PNG, 3rd edition, annex D.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }
        return ~crc;
    }
}
