using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The markers that part a JPEG (ITU-T T.81, table B.1), found as browsers find them.</summary>
internal static class JpegMarker
{
    public const int ProgressiveFrame = 0xC2;
    public const int HuffmanTables = 0xC4;
    public const int Start = 0xD8;
    public const int End = 0xD9;
    public const int Scan = 0xDA;
    public const int RestartInterval = 0xDD;

    /// <summary>The next marker; stray bytes before it are skipped. Null when the file ends first.</summary>
    public static int? Next(HeaderBytes bytes)
    {
        while (bytes.SkipPast(0xFF))
        {
            while (!bytes.AtEnd)
            {
                var marker = bytes.Byte();
                if (marker == 0x00)
                    break;
                if (marker != 0xFF)
                    return marker;
            }
        }

        return null;
    }

    /// <summary>The length of what follows the segment's own length.</summary>
    public static int SegmentLength(HeaderBytes bytes)
    {
        var length = bytes.UInt16BigEndian();
        return length >= 2
            ? length - 2
            : throw new PinfoldException(ErrorKind.Invalid, "This JPEG is damaged: a part of it has no length.");
    }

    /// <summary>Nothing belongs to it: a restart (RST0 to RST7), TEM, the start of an image.</summary>
    public static bool IsAlone(int marker) => marker is 0x01 or Start || IsRestart(marker);

    public static bool IsRestart(int marker) => marker is >= 0xD0 and <= 0xD7;

    /// <summary>SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which lie in the same range.</summary>
    public static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Baseline, extended and progressive frames of Huffman codes.</summary>
    public static bool IsShownByBrowsers(int frame) => frame is 0xC0 or 0xC1 or ProgressiveFrame;

    /// <summary>Whether a segment can begin so; what cannot is no part of an image.</summary>
    public static bool IsKnown(int marker) => marker is 0x01 or 0xFE or (>= 0xC0 and <= 0xEF and not 0xC8);
}
