using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>Of a GIF: its pictures, how long each is shown, and how often all of them.</summary>
static class BareGif
{
    const byte Trailer = 0x3B;
    const byte GraphicControl = 0xF9;
    const byte Application = 0xFF;
    const int ApplicationBytes = 11;

    public static void Read(HeaderBytes bytes, BareParts parts)
    {
        GifBlocks.SkipHeader(bytes);
        parts.Keep(0, bytes.Position);
        while (!bytes.AtEnd)
        {
            var start = bytes.Position;
            var isKept = true;
            switch (bytes.Byte())
            {
                case GifBlocks.ImageDescriptor:
                    GifBlocks.SkipImage(bytes);
                    break;
                case GifBlocks.Extension:
                    isKept = SkipExtension(bytes);
                    break;
                default:
                    parts.Write(Trailer);
                    return;
            }
            if (isKept)
                parts.Keep(start, bytes.Position);
        }
        parts.Write(Trailer);
    }

    /// <summary>Whether it says how the pictures are shown.</summary>
    static bool SkipExtension(HeaderBytes bytes)
    {
        var label = bytes.Byte();
        if (label != Application)
        {
            GifBlocks.SkipSubBlocks(bytes);
            return label == GraphicControl;
        }
        int length = bytes.Byte();
        var name = bytes.Take(length);
        if (length > 0)
            GifBlocks.SkipSubBlocks(bytes);
        return length == ApplicationBytes
            && (name.AsSpan().SequenceEqual("NETSCAPE2.0"u8) || name.AsSpan().SequenceEqual("ANIMEXTS1.0"u8));
    }
}
