using System.Buffers.Binary;
using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>
/// Of a WebP: its pictures, its transparency, its colour profile (RFC 9649, 2.7), and its turning. The header of the
/// extended layout says no more of what is not there.
/// </summary>
static class BareWebP
{
    const uint Extended = 0x56503858;
    const uint Exif = 0x45584946;
    const byte ExifFlag = 0x08;
    const byte XmpFlag = 0x04;
    const int FileHeaderBytes = 12;
    const int ChunkHeaderBytes = 8;
    const int ExifBytesMax = 64 * 1024;

    static readonly HashSet<uint> Kept =
        [0x56503820, 0x5650384C, 0x414C5048, 0x414E494D, 0x414E4D46, 0x49434350];

    public static void Read(HeaderBytes bytes, BareParts parts)
    {
        bytes.Skip(FileHeaderBytes);
        var (header, orientation) = ((byte[]?)null, 1);
        while (bytes.Left >= ChunkHeaderBytes)
        {
            var start = bytes.Position;
            var name = bytes.UInt32BigEndian();
            var length = (long)bytes.UInt32LittleEndian();
            var content = name == Extended || (name == Exif && length <= ExifBytesMax) ? bytes.Take((int)length) : [];
            bytes.Skip(Math.Min(bytes.Left, length + (length & 1) - content.Length));
            if (name == Extended)
                header = content;
            else if (name == Exif)
                orientation = Orientation.Of(
                    content.AsSpan().StartsWith("Exif\0\0"u8) ? content.AsSpan(6) : content);
            else if (Kept.Contains(name))
                parts.Keep(start, bytes.Position);
        }
        // Without the extended header there is no place for a turning, and none is read.
        if (header is { Length: > 0 })
        {
            var turning = Orientation.ToTiff(orientation);
            header[0] = (byte)((header[0] & ~(ExifFlag | XmpFlag)) | (turning is null ? 0 : ExifFlag));
            if (turning is not null)
                parts.Write(Chunk("EXIF"u8, turning));
            parts.Begin(Chunk("VP8X"u8, header));
        }
        var length32 = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length32, (uint)(parts.Length + 4));
        parts.Begin([.. "RIFF"u8, .. length32, .. "WEBP"u8]);
    }

    static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. name, .. length, .. content, .. new byte[content.Length & 1]];
    }
}
