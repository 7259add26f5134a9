using NetVips;
using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images;

/// <summary>Makes a GIF or WebP that moves a WebP that moves, as small as a rendition and as bare.</summary>
static class MovingImage
{
    /// <summary>Of all its pictures together. So many take some seconds, as a still picture may.</summary>
    public const long PixelsMax = 40_000_000;

    /// <summary>What a page may be asked to load.</summary>
    const int BytesMax = 10 * 1024 * 1024;

    /// <summary>A wider one costs more than it shows.</summary>
    const int WidthMax = 736;

    const int WebPSideMax = 16_383;
    const int Quality = 70;

    /// <summary>Of 0 to 6; more takes longer, and saves little where most of a picture stays as it was.</summary>
    const int Effort = 2;

    /// <summary>Formats whose pictures one after the other are read here.</summary>
    public static bool IsPossible(ImageHeader header) =>
        header is { IsAnimated: true, Format: ImageFormat.Gif or ImageFormat.WebP };

    /// <summary>Null when it is too much. <paramref name="width"/> and <paramref name="height"/> are of one picture.
    /// </summary>
    public static byte[]? Make(string path, int width, int height, int frames, CancellationToken cancellation)
    {
        if ((long)width * height * frames > PixelsMax)
            return null;
        using var film = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error,
            kwargs: new VOption { { "n", -1 } });
        using var stop = cancellation.Register(() => film.SetKill(true));
        using var small = film.ThumbnailImage(WidthMax, height: WebPSideMax,
            size: Enums.Size.Down, outputProfile: "srgb");
        var webp = small.WebpsaveBuffer(q: Quality, effort: Effort, keep: Enums.ForeignKeep.None);
        return webp.Length <= BytesMax ? webp : null;
    }
}
