namespace Pinfold.Pinboard.Images;

/// <summary>What rendering found and made. Width and height are those of the original, turned upright.</summary>
internal sealed record RenderedImage(
    int Width,
    int Height,
    string DominantColour,
    ulong PerceptualHash,
    IReadOnlyList<Rendition> Renditions)
{
    /// <summary>Whether the picture moves, and whether it does so here.</summary>
    public PictureMotion Motion { get; init; }

    /// <summary>All of a picture that moves, as a WebP; null when it does not, or is too much.</summary>
    public byte[]? MovingWebP { get; init; }

    /// <summary>The picture of a pin, ready to be shown.</summary>
    public PinPicture ToReady(PinPicture picture) => picture with
    {
        State = PictureState.Ready,
        Width = Width,
        Height = Height,
        Colour = DominantColour,
        PerceptualHash = PerceptualHash,
        Motion = Motion,
        Problem = null,
    };
}

/// <summary>A WebP of one of <see cref="RenditionWidths"/>; of a smaller image, no wider than that.</summary>
internal sealed record Rendition(int NominalWidth, int Width, int Height, byte[] WebP);

/// <summary>
/// The widths that pages ask for. An image gets each width up to the first that holds it whole: one of 300 pixels gets
/// 236 and 474 (which is 300 wide), and no wider one. The widest is for screens with two pixels to a point.
/// </summary>
internal static class RenditionWidths
{
    public static IReadOnlyList<int> All { get; } = [236, 474, 736, Widest];

    public const int Widest = 1200;

    public static IEnumerable<int> For(int imageWidth)
    {
        foreach (var width in All)
        {
            yield return width;
            if (imageWidth <= width)
                yield break;
        }
    }
}
