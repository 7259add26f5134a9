using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Headers;

/// <summary>
/// How large an image may be, as a file and as pixels; what is larger is refused, never scaled to fit.
/// </summary>
internal sealed record ImageLimits
{
    public static ImageLimits Default { get; } = new();

    public long FileBytesMax { get; init; } = 50 * 1024 * 1024;

    public long PixelsMax { get; init; } = 100_000_000;

    public int SidePixelsMax { get; init; } = 20_000;

    /// <summary>Of an image that its decoder has in memory whole, at four bytes a pixel: GIF, and WebP that
    /// moves.</summary>
    public long WholePixelsMax { get; init; } = 50_000_000;

    /// <summary>For decoding and all that is made of it; far more than any accepted image takes on a quiet machine.
    /// </summary>
    public TimeSpan RenderTimeMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="PinfoldException">LimitExceeded: too many pixels in all, or along one side.</exception>
    public void Check(int width, int height)
    {
        if (width > SidePixelsMax || height > SidePixelsMax)
        {
            throw new PinfoldException(ErrorKind.LimitExceeded,
                FormattableString.Invariant(
                    $"This image is {width} x {height} pixels; a side may have {SidePixelsMax} at most."));
        }

        CheckPixels(width, height, PixelsMax);
    }

    /// <inheritdoc cref="Check(int, int)"/>
    public void Check(ImageHeader header)
    {
        Check(header.Width, header.Height);
        if (header is { Format: ImageFormat.Gif } or { Format: ImageFormat.WebP, IsAnimated: true })
            CheckPixels(header.Width, header.Height, WholePixelsMax);
    }

    /// <exception cref="PinfoldException">LimitExceeded: more bytes than a file may have.</exception>
    public void CheckBytes(long bytes)
    {
        if (bytes > FileBytesMax)
            throw new PinfoldException(ErrorKind.LimitExceeded, FormattableString.Invariant(
                $"This image is larger than {FileBytesMax / (1024 * 1024.0):0.##} MiB, which is the most accepted."));
    }

    static void CheckPixels(int width, int height, long pixelsMax)
    {
        if ((long)width * height > pixelsMax)
            throw new PinfoldException(ErrorKind.LimitExceeded, FormattableString.Invariant(
                $"This image is {width} x {height} pixels; {pixelsMax / 1_000_000} million in all are the most."));
    }
}
