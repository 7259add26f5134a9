using System.Buffers.Binary;
using System.IO.Compression;

namespace Pinfold.Cli.Tests.Running;

/// <summary>Writes PNG files, of any size.</summary>
static class TestPng
{
    public static byte[] Solid(int width, int height, byte red, byte green, byte blue)
    {
        var row = new byte[1 + (width * 3)];
        for (var x = 0; x < width; x++)
            (row[1 + (x * 3)], row[2 + (x * 3)], row[3 + (x * 3)]) = (red, green, blue);
        return Make(width, height, bitDepth: 8, colourType: 2, _ => row);
    }

    /// <summary>What no compression makes smaller, the same for the same seed.</summary>
    public static byte[] Noise(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        return Make(width, height, bitDepth: 8, colourType: 2, _ =>
        {
            var row = new byte[1 + (width * 3)];
            random.NextBytes(row.AsSpan(1));
            return row;
        }, CompressionLevel.NoCompression);
    }

    /// <summary>A valid picture of 900 million black pixels in about 100 kilobytes.</summary>
    public static byte[] Bomb() => Make(30_000, 30_000, bitDepth: 1, colourType: 0, _ => BlackRow);

    static readonly byte[] BlackRow = new byte[1 + (30_000 / 8)];

    static byte[] Make(int width, int height, byte bitDepth, byte colourType, Func<int, byte[]> row,
        CompressionLevel level = CompressionLevel.Fastest)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colourType);
        WriteChunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level, leaveOpen: true))
            for (var y = 0; y < height; y++)
                zlib.Write(row(y));
        WriteChunk(file, "IDAT"u8, packed.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var checkedPart = new byte[type.Length + content.Length];
        type.CopyTo(checkedPart);
        content.CopyTo(checkedPart.AsSpan(type.Length));
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(checkedPart));
        file.Write(number);
    }

    static uint[] CrcOfByte { get; } = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        return crc;
    })];

    static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = CrcOfByte[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }
}
