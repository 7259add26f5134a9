using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>Walks the marker segments to the frame header (ITU-T T.81, annex B.2), which holds the size.</summary>
internal static class JpegHeader
{
    const int SegmentsMax = 4096;

    public static ImageHeader Read(HeaderBytes bytes)
    {
        bytes.Skip(2);
        for (var segments = 0; segments < SegmentsMax; segments++)
        {
            var marker = Marker(bytes);
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            if (marker is 0xD8 or 0xD9 or 0xDA or 0x00)
                break;
            var length = bytes.UInt16BigEndian();
            if (length < 2)
                break;
            if (IsFrame(marker))
            {
                bytes.Skip(1);
                var height = bytes.UInt16BigEndian();
                return new ImageHeader(ImageFormat.Jpeg, bytes.UInt16BigEndian(), height, IsAnimated: false);
            }

            bytes.Skip(length - 2);
        }

        throw new PinfoldException(ErrorKind.Invalid, "This JPEG is damaged: it has no frame header.");
    }

    static byte Marker(HeaderBytes bytes)
    {
        if (bytes.Byte() != 0xFF)
            throw new PinfoldException(ErrorKind.Invalid, "This JPEG is damaged: a marker is missing in its header.");
        byte marker;
        do
            marker = bytes.Byte();
        while (marker == 0xFF);
        return marker;
    }

    // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which lie in the same range.
    static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
