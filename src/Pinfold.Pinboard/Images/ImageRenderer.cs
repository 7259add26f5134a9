using NetVips;
using Pinfold.Pinboard.Images.Extents;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Pinboard.Images.Jpegs;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Makes the WebP renditions of an image: upright, in sRGB, without any metadata, never enlarged; of a moving image
/// the first picture, and all of them once. Renders one image at a time in a process, because one may need some hundred
/// megabytes, and because libvips collects what it has to say in one place: a reason must be that of its own image.
/// </summary>
internal sealed class ImageRenderer
{
    /// <summary>How many images are rendered at once.</summary>
    public const int AtOnceMax = 1;

    const int Quality = 80;
    const int WebPSideMax = 16_383;
    const int ColourSamples = 64;

    // libvips is the process's, however many renderers there are.
    static readonly SemaphoreSlim Turn = new(AtOnceMax, AtOnceMax);

    readonly ImageLimits _limits;

    /// <exception cref="PinfoldException">Unavailable: there is no libvips for this machine.</exception>
    public ImageRenderer(ImageLimits limits)
    {
        _limits = limits;
        Libvips.Restrict();
    }

    /// <summary>Renders a file; nothing is written. Cancellation stops a decoder at its next strip.</summary>
    /// <exception cref="PinfoldException">
    /// Invalid: not an accepted image, or damaged; LimitExceeded: too large, or too slow. Before anything was decoded,
    /// except for damage that only decoding finds.
    /// </exception>
    public Task<RenderedImage> RenderAsync(string path, CancellationToken cancellation) =>
        InTurnAsync(token => Render(path, token), cancellation);

    /// <summary>Makes one rendition of a file, of which others were made before.</summary>
    /// <exception cref="PinfoldException">As <see cref="RenderAsync"/>.</exception>
    public Task<Rendition> RenderAsync(string path, int nominalWidth, CancellationToken cancellation) =>
        InTurnAsync(token => Render(path, nominalWidth, token), cancellation);

    async Task<T> InTurnAsync<T>(Func<CancellationToken, T> render, CancellationToken cancellation)
    {
        await Turn.WaitAsync(cancellation);
        try
        {
            using var limit = new CancellationTokenSource(_limits.RenderTimeMax);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            return await Task.Run(() => render(either.Token), cancellation);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"This image takes longer to decode than {_limits.RenderTimeMax.TotalSeconds} seconds, the most "
                + "that is given to one.", e);
        }
        finally
        {
            Turn.Release();
        }
    }

    Rendition Render(string path, int nominalWidth, CancellationToken cancellation)
    {
        var (header, _) = Look(path, cancellation);
        Libvips.ForgetErrors();
        try
        {
            using var image = Decode(path, nominalWidth, cancellation);
            return Encode(image, nominalWidth);
        }
        catch (VipsException e)
        {
            throw Damaged(e, header, path, cancellation);
        }
    }

    RenderedImage Render(string path, CancellationToken cancellation)
    {
        var (header, frames) = Look(path, cancellation);
        Libvips.ForgetErrors();
        try
        {
            var (width, height) = UprightSize(path);
            _limits.Check(header with { Width = width, Height = height });
            var widths = RenditionWidths.For(width).ToArray();
            using var largest = Decode(path, widths[^1], cancellation);
            var renditions = Array.ConvertAll(widths, nominal => Encode(largest, nominal));
            using var opaque = largest.HasAlpha() ? largest.Flatten(background: [255, 255, 255]) : largest.Copy();
            var still = new RenderedImage(width, height, Colour(opaque), Hash(opaque), renditions);
            if (!MovingImage.IsPossible(header))
                return still;
            var moving = MovingImage.Make(path, width, height, frames, cancellation);
            return still with
            {
                Motion = moving is null ? PictureMotion.TooMuch : PictureMotion.Moves,
                MovingWebP = moving,
            };
        }
        catch (VipsException e)
        {
            throw Damaged(e, header, path, cancellation);
        }
    }

    static PinfoldException Damaged(
        VipsException e, ImageHeader header, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new PinfoldException(ErrorKind.Invalid,
            $"This {header.Format.Name} is damaged and cannot be shown: {Reason(e, path)}.", e);
    }

    // What decoders do not tell: they show in grey what a JPEG lacks.
    (ImageHeader Header, int Frames) Look(string path, CancellationToken cancellation)
    {
        using var file = File.OpenRead(path);
        var header = ImageHeader.Read(file, _limits);
        var extent = ImageExtent.Read(file, header.Format);
        if (header.Format == ImageFormat.Jpeg)
            JpegData.Check(file, cancellation);
        return (header, extent.Frames);
    }

    // Asked of the decoder too: it is what will allocate, and a GIF's frames may be larger than its header says.
    static (int Width, int Height) UprightSize(string path)
    {
        using var image = Image.NewFromFile(path, access: Enums.Access.Sequential);
        var isLying = image.Contains("orientation") && image.Get("orientation") is int and >= 5 and <= 8;
        return isLying ? (image.Height, image.Width) : (image.Width, image.Height);
    }

    static Image Decode(string path, int width, CancellationToken cancellation)
    {
        using var lazy = Image.Thumbnail(path, width, height: WebPSideMax, size: Enums.Size.Down,
            outputProfile: "srgb", failOn: Enums.FailOn.Error);
        using var stop = cancellation.Register(() => lazy.SetKill(true));
        using var colour = lazy.Colourspace(Enums.Interpretation.Srgb);
        using var bytes = colour.Cast(Enums.BandFormat.Uchar);
        return bytes.CopyMemory();
    }

    static Rendition Encode(Image largest, int nominalWidth)
    {
        using var image = largest.ThumbnailImage(nominalWidth, height: WebPSideMax, size: Enums.Size.Down);
        var webp = image.WebpsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
        return new Rendition(nominalWidth, image.Width, image.Height, webp);
    }

    static string Colour(Image opaque)
    {
        using var small = opaque.ThumbnailImage(ColourSamples, height: ColourSamples, size: Enums.Size.Down);
        return DominantColour.Of(small.WriteToMemory<byte>());
    }

    static ulong Hash(Image opaque)
    {
        using var grey = opaque.Colourspace(Enums.Interpretation.Bw);
        using var small = grey.ThumbnailImage(
            PerceptualHash.Columns, height: PerceptualHash.Rows, size: Enums.Size.Force);
        return PerceptualHash.Of(small.WriteToMemory<byte>());
    }

    // "unable to call thumbnail\nVipsJpeg: premature end of JPEG image\n": the last line says what was found first.
    static string Reason(VipsException e, string path)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = lines.Length > 1 ? lines[1] : lines.FirstOrDefault("the decoder gave no reason");
        found = found.Replace(path, "file", StringComparison.Ordinal);
        var printable = string.Concat(found.Where(c => !char.IsControl(c))).TrimEnd('.');
        return printable.Length <= 200 ? printable : printable[..200];
    }
}
