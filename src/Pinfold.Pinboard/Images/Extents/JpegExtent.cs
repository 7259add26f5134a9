using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Images.Jpegs;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Extents;

/// <summary>A JPEG ends with the marker EOI behind its last scan (ITU-T T.81, annex B.2).</summary>
internal static class JpegExtent
{
    static readonly byte[] End = [0xFF, JpegMarker.End];

    public static ImageExtent Read(HeaderBytes bytes)
    {
        bytes.Skip(2);
        JpegFrame? frame = null;
        var scans = new JpegScanList();
        while (true)
        {
            var marker = JpegMarker.Next(bytes);
            // With scans behind it, what can be no part of the image is not: it lacks its end mark.
            if (scans.Count > 0 && marker is null or JpegMarker.Start)
                return WithoutEnd(bytes, marker, frame!, scans);
            switch (marker)
            {
                case null:
                    throw new PinfoldException(ErrorKind.Invalid, "This JPEG is cut short: it ends within its header.");
                case JpegMarker.End:
                    return scans.Count > 0
                        ? new ImageExtent(bytes.Position, default)
                        : throw ImageExtent.NoPicture(ImageFormat.Jpeg);
                case JpegMarker.Scan:
                    scans.Add(JpegScan.Read(bytes, frame));
                    break;
                case { } other when JpegMarker.IsFrame(other):
                    frame = JpegFrame.Read(bytes, other, frame);
                    break;
                case { } other when !JpegMarker.IsAlone(other):
                    if (scans.Count > 0 && !JpegMarker.IsKnown(other))
                        return WithoutEnd(bytes, marker, frame!, scans);
                    bytes.Skip(JpegMarker.SegmentLength(bytes));
                    break;
            }
        }
    }

    static ImageExtent WithoutEnd(HeaderBytes bytes, int? marker, JpegFrame frame, JpegScanList scans) =>
        scans.IsComplete(frame)
            ? new ImageExtent(bytes.Position - (marker is null ? 0 : End.Length), End)
            : throw new PinfoldException(ErrorKind.Invalid,
                "This JPEG is cut short: passes that would make it sharp are missing.");
}
