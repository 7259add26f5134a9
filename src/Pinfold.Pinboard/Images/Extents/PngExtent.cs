using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Extents;

/// <summary>A PNG ends with its chunk IEND (PNG, 3rd edition, 11.2.4).</summary>
internal static class PngExtent
{
    const uint Idat = 0x49444154;
    const uint Iend = 0x49454E44;
    const int CrcBytes = 4;

    static readonly byte[] End = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    public static ImageExtent Read(HeaderBytes bytes)
    {
        bytes.Skip(8);
        var hasData = false;
        while (true)
        {
            var start = bytes.Position;
            if (bytes.Left < End.Length)
                return WithoutEnd(start, hasData);
            var length = bytes.UInt32BigEndian();
            var type = bytes.UInt32BigEndian();
            if (type == Iend)
            {
                bytes.Skip(Math.Min(bytes.Left, (long)length + CrcBytes));
                return hasData ? new ImageExtent(bytes.Position, default) : throw NoPicture();
            }

            hasData |= type == Idat;
            // Behind the data only remarks may follow: their being cut costs no pixel. The decoder sees if data lacks.
            if (type != Idat && hasData && (!IsName(type) || bytes.Left < (long)length + CrcBytes))
                return WithoutEnd(start, hasData);
            bytes.Skip((long)length + CrcBytes);
        }
    }

    static ImageExtent WithoutEnd(long at, bool hasData) =>
        hasData ? new ImageExtent(at, End) : throw NoPicture();

    static Exception NoPicture() => ImageExtent.NoPicture(ImageFormat.Png);

    static bool IsName(uint type)
    {
        for (var shift = 0; shift < 32; shift += 8)
            if (!char.IsAsciiLetter((char)(byte)(type >> shift)))
                return false;
        return true;
    }
}
