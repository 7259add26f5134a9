using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>
/// The size is in IHDR, always first; a chunk acTL before the first IDAT makes it move (PNG, 3rd edition).
/// </summary>
internal static class PngHeader
{
    const uint Ihdr = 0x49484452;
    const uint Idat = 0x49444154;
    const uint Iend = 0x49454E44;
    const uint Actl = 0x6163544C;
    const int ChunksMax = 1024;

    public static ImageHeader Read(HeaderBytes bytes)
    {
        bytes.Skip(8);
        if (bytes.UInt32BigEndian() != 13 || bytes.UInt32BigEndian() != Ihdr)
            throw new PinfoldException(ErrorKind.Invalid, "This PNG is damaged: it does not begin with its header.");
        var width = bytes.UInt32BigEndian();
        var height = bytes.UInt32BigEndian();
        if (width > int.MaxValue || height > int.MaxValue)
            throw new PinfoldException(ErrorKind.Invalid, "This PNG is damaged: its size is not a possible one.");
        var header = new ImageHeader(ImageFormat.Png, (int)width, (int)height, IsAnimated: false);
        bytes.Skip(5 + 4);
        return header with { IsAnimated = HasAnimationControl(bytes) };
    }

    static bool HasAnimationControl(HeaderBytes bytes)
    {
        for (var chunks = 0; chunks < ChunksMax; chunks++)
        {
            var length = bytes.UInt32BigEndian();
            var type = bytes.UInt32BigEndian();
            if (type == Actl)
                return true;
            if (type is Idat or Iend)
                return false;
            bytes.Skip((long)length + 4);
        }

        return false;
    }
}
