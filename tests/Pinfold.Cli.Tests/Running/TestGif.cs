namespace Pinfold.Cli.Tests.Running;

/// <summary>Writes GIF files that move.</summary>
static class TestGif
{
    /// <summary>Two pictures: the second changes one pixel of the first, which is black.</summary>
    public static byte[] Moving(int width, int height)
    {
        var gif = new List<byte>([
            .. "GIF89a"u8, (byte)width, 0, (byte)height, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
        ]);
        AddPicture(gif, width, height, Enumerable.Repeat(0, width * height));
        AddPicture(gif, 1, 1, [1]);
        return [.. gif, 0x3B];
    }

    /// <summary>Codes of three bits, with a clear code before each pixel, so that they stay as short.</summary>
    static void AddPicture(List<byte> gif, int width, int height, IEnumerable<int> pixels)
    {
        const int Clear = 4, End = 5, CodeBits = 3, BlockBytes = 255;
        gif.AddRange([0x21, 0xF9, 4, 0, 20, 0, 0, 0, 0x2C, 0, 0, 0, 0, (byte)width, 0, (byte)height, 0, 0, 2]);
        var (bits, count, data) = (0, 0, new List<byte>());
        foreach (var code in pixels.SelectMany(pixel => (int[])[Clear, pixel]).Append(End))
        {
            bits |= code << count;
            for (count += CodeBits; count >= 8; count -= 8, bits >>= 8)
                data.Add((byte)bits);
        }
        data.Add((byte)bits);
        foreach (var block in data.Chunk(BlockBytes))
            gif.AddRange([(byte)block.Length, .. block]);
        gif.Add(0);
    }
}
