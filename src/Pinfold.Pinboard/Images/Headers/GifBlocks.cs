namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The blocks of a GIF (GIF89a specification, 15 to 27).</summary>
internal static class GifBlocks
{
    public const byte Extension = 0x21;
    public const byte ImageDescriptor = 0x2C;

    /// <summary>Signature, logical screen and its colours; gives the screen's size.</summary>
    public static (int Width, int Height) SkipHeader(HeaderBytes bytes)
    {
        bytes.Skip(6);
        var size = (bytes.UInt16LittleEndian(), bytes.UInt16LittleEndian());
        var flags = bytes.Byte();
        bytes.Skip(2 + ColourTableBytes(flags));
        return size;
    }

    /// <summary>The rest of an image, after the byte that announces it.</summary>
    public static void SkipImage(HeaderBytes bytes)
    {
        bytes.Skip(8);
        bytes.Skip(ColourTableBytes(bytes.Byte()) + 1);
        SkipSubBlocks(bytes);
    }

    public static void SkipSubBlocks(HeaderBytes bytes)
    {
        for (int length = bytes.Byte(); length > 0; length = bytes.Byte())
            bytes.Skip(length);
    }

    static int ColourTableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 0x07) + 1);
}
