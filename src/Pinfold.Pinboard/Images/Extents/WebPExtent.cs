using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Extents;

/// <summary>A WebP says its length at its beginning, and so does each chunk of it (RFC 9649, 2.3).</summary>
internal static class WebPExtent
{
    const uint Frame = 0x414E4D46;
    const int ChunkHeaderBytes = 8;

    public static ImageExtent Read(HeaderBytes bytes)
    {
        bytes.Skip(4);
        var end = ChunkHeaderBytes + (long)bytes.UInt32LittleEndian();
        if (bytes.Position + bytes.Left < end)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"This WebP is cut short: {end - bytes.Position - bytes.Left:N0} of its {end:N0} bytes are missing.");
        }

        bytes.Skip(4);
        var frames = 0;
        while (end - bytes.Position >= ChunkHeaderBytes)
        {
            frames += bytes.UInt32BigEndian() == Frame ? 1 : 0;
            var length = (long)bytes.UInt32LittleEndian();
            if (bytes.Position + length > end)
                throw new PinfoldException(ErrorKind.Invalid, "This WebP is damaged: a part of it leads out of it.");
            bytes.Skip(Math.Min(length + (length & 1), end - bytes.Position));
        }

        return new ImageExtent(end, default, Math.Max(1, frames));
    }
}
