namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The logical screen is the size; a second image descriptor makes it move (GIF89a specification).</summary>
internal static class GifHeader
{
    const byte Extension = 0x21;
    const byte ImageDescriptor = 0x2C;

    public static ImageHeader Read(HeaderBytes bytes)
    {
        bytes.Skip(6);
        var width = bytes.UInt16LittleEndian();
        var height = bytes.UInt16LittleEndian();
        var flags = bytes.Byte();
        bytes.Skip(2 + ColourTableBytes(flags));
        return new ImageHeader(ImageFormat.Gif, width, height, HasSecondFrame(bytes));
    }

    // Ends at the latest at the end of the file, whose length is limited.
    static bool HasSecondFrame(HeaderBytes bytes)
    {
        for (var frames = 0; !bytes.AtEnd;)
        {
            var block = bytes.Byte();
            if (block == ImageDescriptor)
            {
                if (++frames == 2)
                    return true;
                bytes.Skip(8);
                bytes.Skip(ColourTableBytes(bytes.Byte()) + 1);
            }
            else if (block == Extension)
            {
                bytes.Skip(1);
            }
            else
            {
                return false;
            }

            for (int length = bytes.Byte(); length > 0; length = bytes.Byte())
                bytes.Skip(length);
        }

        return false;
    }

    static int ColourTableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 0x07) + 1);
}
