namespace Pinfold.Pinboard.Images.Headers;

/// <summary>The logical screen is the size; a second image makes it move (GIF89a specification).</summary>
internal static class GifHeader
{
    public static ImageHeader Read(HeaderBytes bytes)
    {
        var (width, height) = GifBlocks.SkipHeader(bytes);
        return new ImageHeader(ImageFormat.Gif, width, height, HasSecondFrame(bytes));
    }

    // Ends at the latest at the end of the file, whose length is limited.
    static bool HasSecondFrame(HeaderBytes bytes)
    {
        for (var frames = 0; !bytes.AtEnd;)
        {
            var block = bytes.Byte();
            if (block == GifBlocks.Extension)
            {
                bytes.Skip(1);
                GifBlocks.SkipSubBlocks(bytes);
            }
            else if (block != GifBlocks.ImageDescriptor || ++frames == 2)
            {
                return block == GifBlocks.ImageDescriptor;
            }
            else
            {
                GifBlocks.SkipImage(bytes);
            }
        }

        return false;
    }
}
