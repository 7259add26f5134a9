using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The first chunk tells the size in each of the three layouts (RFC 9649): VP8, VP8L and VP8X.</summary>
internal static class WebPHeader
{
    const uint Lossy = 0x56503820;
    const uint Lossless = 0x5650384C;
    const uint Extended = 0x56503858;
    const int AnimationFlag = 0x02;

    public static ImageHeader Read(HeaderBytes bytes)
    {
        bytes.Skip(12);
        var chunk = bytes.UInt32BigEndian();
        bytes.Skip(4);
        return chunk switch
        {
            Lossy => ReadLossy(bytes),
            Lossless => ReadLossless(bytes),
            Extended => ReadExtended(bytes),
            _ => throw Damaged("its first chunk is none of VP8, VP8L and VP8X"),
        };
    }

    // RFC 6386, 9.1: a 3-byte frame tag, the start code, then 14 bits each with 2 bits of scaling above.
    static ImageHeader ReadLossy(HeaderBytes bytes)
    {
        var isKeyFrame = (bytes.UInt24LittleEndian() & 1) == 0;
        if (!isKeyFrame || bytes.UInt24LittleEndian() != 0x2A019D)
            throw Damaged("its first frame is not a key frame");
        var width = bytes.UInt16LittleEndian() & 0x3FFF;
        return new ImageHeader(ImageFormat.WebP, width, bytes.UInt16LittleEndian() & 0x3FFF, IsAnimated: false);
    }

    static ImageHeader ReadLossless(HeaderBytes bytes)
    {
        if (bytes.Byte() != 0x2F)
            throw Damaged("its lossless stream has no signature");
        var bits = bytes.UInt32LittleEndian();
        return new ImageHeader(ImageFormat.WebP, (int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1, false);
    }

    static ImageHeader ReadExtended(HeaderBytes bytes)
    {
        var flags = bytes.Byte();
        bytes.Skip(3);
        var width = bytes.UInt24LittleEndian() + 1;
        var height = bytes.UInt24LittleEndian() + 1;
        return new ImageHeader(ImageFormat.WebP, width, height, (flags & AnimationFlag) != 0);
    }

    static PinfoldException Damaged(string why) => new(ErrorKind.Invalid, $"This WebP is damaged: {why}.");
}
