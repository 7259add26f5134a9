using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>Walks the marker segments to the frame header (ITU-T T.81, annex B.2), which holds the size.</summary>
internal static class JpegHeader
{
    const int BitsPerSample = 8;

    public static ImageHeader Read(HeaderBytes bytes)
    {
        bytes.Skip(2);
        while (JpegMarker.Next(bytes) is { } marker && marker is not (JpegMarker.Scan or JpegMarker.End))
        {
            if (JpegMarker.IsAlone(marker))
                continue;
            var length = JpegMarker.SegmentLength(bytes);
            if (!JpegMarker.IsFrame(marker))
            {
                bytes.Skip(length);
                continue;
            }

            var bits = bytes.Byte();
            var height = bytes.UInt16BigEndian();
            var width = bytes.UInt16BigEndian();
            return JpegMarker.IsShownByBrowsers(marker) && bits == BitsPerSample
                ? new ImageHeader(ImageFormat.Jpeg, width, height, IsAnimated: false)
                : throw new PinfoldException(ErrorKind.Invalid,
                    $"This JPEG is of a rare kind that browsers do not show either ({Kind(marker, bits)}); "
                    + "save it as a common JPEG or as PNG.");
        }

        throw new PinfoldException(ErrorKind.Invalid, "This JPEG is damaged: it has no frame header.");
    }

    static string Kind(int marker, int bits) => JpegMarker.IsShownByBrowsers(marker) ? $"{bits} bits" : marker switch
    {
        0xC3 or 0xC7 or 0xCB or 0xCF => "lossless",
        0xC9 or 0xCA or 0xCD or 0xCE => "arithmetic coding",
        _ => "hierarchical",
    };
}
