using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Extents;

/// <summary>A GIF ends with its trailer, a semicolon between blocks (GIF89a specification, 27).</summary>
internal static class GifExtent
{
    const byte Trailer = 0x3B;
    const byte GraphicControl = 0xF9;

    static readonly byte[] End = [Trailer];

    public static ImageExtent Read(HeaderBytes bytes)
    {
        GifBlocks.SkipHeader(bytes);
        var frames = 0;
        for (var isAnnounced = false; ;)
        {
            var start = bytes.Position;
            if (bytes.AtEnd && isAnnounced)
                throw new PinfoldException(ErrorKind.Invalid, "This GIF is cut short: a picture of it is missing.");
            if (bytes.AtEnd)
                return Ended(start, End, frames);
            switch (bytes.Byte())
            {
                case GifBlocks.ImageDescriptor:
                    GifBlocks.SkipImage(bytes);
                    (isAnnounced, frames) = (false, frames + 1);
                    break;
                case GifBlocks.Extension:
                    isAnnounced |= bytes.Byte() == GraphicControl;
                    GifBlocks.SkipSubBlocks(bytes);
                    break;
                case Trailer:
                    return Ended(bytes.Position, default, frames);
                // Browsers end the image at what is no block.
                default:
                    return Ended(start, End, frames);
            }
        }
    }

    static ImageExtent Ended(long at, ReadOnlyMemory<byte> missing, int frames) =>
        frames > 0 ? new ImageExtent(at, missing, frames) : throw ImageExtent.NoPicture(ImageFormat.Gif);
}
