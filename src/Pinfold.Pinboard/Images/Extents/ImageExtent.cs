using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Extents;

/// <summary>
/// Which bytes of a file are the image: what lies behind its end mark is not, and a missing end mark is put there, as
/// browsers act. Read by parsers of our own, without decoding anything.
/// </summary>
/// <param name="Bytes">So many from the start.</param>
/// <param name="MissingEnd">What is to follow them, for decoders that insist on it; empty for a whole image.</param>
/// <param name="Frames">How many pictures a GIF or WebP shows one after the other; else 1.</param>
internal sealed record ImageExtent(long Bytes, ReadOnlyMemory<byte> MissingEnd, int Frames = 1)
{
    /// <summary>More make decoders slow that look at each before they show the first.</summary>
    public const int FramesMax = 5000;

    /// <summary>Reads a seekable stream from its start, and leaves the position anywhere.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: the image is cut short, or has no picture in it. LimitExceeded: it has too many frames.
    /// </exception>
    public static ImageExtent Read(Stream image, ImageFormat format)
    {
        var bytes = new HeaderBytes(image);
        var extent = format switch
        {
            ImageFormat.Jpeg => JpegExtent.Read(bytes),
            ImageFormat.Png => PngExtent.Read(bytes),
            ImageFormat.WebP => WebPExtent.Read(bytes),
            _ => GifExtent.Read(bytes),
        };
        return extent.Frames <= FramesMax
            ? extent
            : throw new PinfoldException(ErrorKind.LimitExceeded,
                $"This {format.Name} moves through {extent.Frames:N0} pictures; {FramesMax:N0} are the most.");
    }

    public static PinfoldException NoPicture(ImageFormat format) => new(ErrorKind.Invalid,
        $"This {format.Name} is damaged: it has no picture in it.");
}
