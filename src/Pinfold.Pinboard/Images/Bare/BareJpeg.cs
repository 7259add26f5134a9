using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>
/// Of a JPEG: tables, frames and scans, the colour profile, what tells the kind of its colours (Adobe), its turning.
/// Not: other application segments, comments, and stray bytes between segments.
/// </summary>
static class BareJpeg
{
    const int App0 = 0xE0;
    const int App1 = 0xE1;
    const int App2 = 0xE2;
    const int App14 = 0xEE;
    const int App15 = 0xEF;
    const int Comment = 0xFE;
    const int MarkerBytes = 2;

    /// <summary>"JFIF", version 1.1, no unit, one by one, no smaller picture.</summary>
    static readonly byte[] Jfif = [0xFF, App0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0];

    public static void Read(HeaderBytes bytes, BareParts parts)
    {
        bytes.Skip(MarkerBytes);
        var (start, orientation) = (-1L, 1);
        for (var marker = JpegMarker.Next(bytes); marker is not null; marker = JpegMarker.Next(bytes))
        {
            // What belongs to a scan goes on to the next segment.
            if (JpegMarker.IsAlone(marker.Value))
                continue;
            var at = bytes.Position - MarkerBytes;
            if (start >= 0)
                parts.Keep(start, at);
            start = -1;
            if (marker == JpegMarker.End)
            {
                parts.Keep(at, at + MarkerBytes);
                break;
            }
            var length = JpegMarker.SegmentLength(bytes);
            var head = bytes.Take(marker.Value is >= App0 and <= App15 ? length : 0);
            bytes.Skip(length - head.Length);
            if (marker == App1 && head.AsSpan().StartsWith("Exif\0\0"u8))
                orientation = Orientation.Of(head.AsSpan(6));
            if (marker == App0 && head.AsSpan().StartsWith("JFIF\0"u8))
                parts.Write(Jfif);
            else if (IsKept(marker.Value, head))
                parts.Keep(at, bytes.Position);
            if (marker == JpegMarker.Scan)
                start = bytes.Position;
        }
        parts.Begin([0xFF, JpegMarker.Start, .. Exif(orientation)]);
    }

    static bool IsKept(int marker, ReadOnlySpan<byte> head) => marker switch
    {
        App2 => head.StartsWith("ICC_PROFILE\0"u8),
        App14 => head.StartsWith("Adobe"u8),
        >= App0 and <= App15 or Comment => false,
        _ => JpegMarker.IsKnown(marker),
    };

    static byte[] Exif(int orientation) => Orientation.ToTiff(orientation) is not { } tiff ? []
        : [0xFF, App1, 0, (byte)(MarkerBytes + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
}
