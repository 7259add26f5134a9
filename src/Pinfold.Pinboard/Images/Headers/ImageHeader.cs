using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>
/// What an image says of itself before it is decoded: its format by its bytes (never by name or Content-Type), its
/// size as stored (before EXIF orientation), and whether it moves. Read by parsers of our own, so that a bomb is
/// refused without waking a decoder.
/// </summary>
internal sealed record ImageHeader(ImageFormat Format, int Width, int Height, bool IsAnimated)
{
    /// <summary>So many bytes from the start suffice for <see cref="Recognize"/>.</summary>
    public const int SignatureBytes = 64;

    /// <summary>The accepted format that these first bytes begin, or null.</summary>
    public static ImageFormat? Recognize(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..]
            => ImageFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        _ => null,
    };

    /// <summary>Reads the header of a seekable stream from its start, and leaves the position anywhere.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: not an accepted image, or its header is damaged. LimitExceeded: larger than <paramref name="limits"/>.
    /// </exception>
    public static ImageHeader Read(Stream image, ImageLimits limits)
    {
        limits.CheckBytes(image.Length);
        var bytes = new HeaderBytes(image);
        var start = bytes.Peek(SignatureBytes);
        var format = Recognize(start) ?? throw ForeignFormat.Refusal(start);
        var header = format switch
        {
            ImageFormat.Jpeg => JpegHeader.Read(bytes),
            ImageFormat.Png => PngHeader.Read(bytes),
            ImageFormat.WebP => WebPHeader.Read(bytes),
            _ => GifHeader.Read(bytes),
        };
        if (header.Width <= 0 || header.Height <= 0)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"This {format.Name} is damaged: its header says {header.Width} x {header.Height} pixels.");
        }

        limits.Check(header);
        return header;
    }

    /// <inheritdoc cref="Read(Stream, ImageLimits)"/>
    public static ImageHeader ReadFile(string path, ImageLimits limits)
    {
        using var file = File.OpenRead(path);
        return Read(file, limits);
    }
}
