using System.Globalization;
using NetVips;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Tests.Images;

/// <summary>An image and what is true of it: its format and its size as stored.</summary>
internal sealed record Sample(string Name, ImageFormat Format, int Width, int Height, Func<byte[]> Read)
{
    /// <summary>
    /// Made here from one photograph in every form that the decoders know, so that no download is needed.
    /// </summary>
    public static IReadOnlyList<Sample> Made { get; } = Make();

    /// <summary>Those made here, and real ones of many cameras and programs when PINFOLD_SHARED has them.</summary>
    public static IReadOnlyList<Sample> All { get; } = [.. Made, .. SharedFolder()];

    public static Sample Named(string name) => All.Single(sample => sample.Name == name);

    /// <summary>The photograph itself, upright, 297 x 403, decoded.</summary>
    public static Image Photograph()
    {
        Libvips.Restrict();
        using var image = Image.NewFromFile(Bundled("category-sunflowers.webp"));
        return image.CopyMemory();
    }

    static string Bundled(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", "images", name);

    static List<Sample> Make()
    {
        using var photo = Photograph();
        using var alpha = photo.Bandjoin(photo[1]);
        using var transparent = alpha.Copy(interpretation: Enums.Interpretation.Srgb);
        using var grey = photo.Colourspace(Enums.Interpretation.Bw);
        using var cmyk = photo.Colourspace(Enums.Interpretation.Cmyk);
        using var deep = photo.Colourspace(Enums.Interpretation.Rgb16);
        using var negative = photo.Invert();
        using var film = Image.Arrayjoin([photo, negative, photo], across: 1);
        using var frames = film.Mutate(image => image.Set(GValue.GIntType, "page-height", photo.Height));
        using var located = WithPosition(photo);
        var samples = new List<Sample>();
        foreach (var orientation in Enumerable.Range(1, 8))
            samples.Add(Oriented(photo, orientation));
        Add("baseline.jpg", ImageFormat.Jpeg, photo.JpegsaveBuffer(q: 90));
        Add("progressive.jpg", ImageFormat.Jpeg, photo.JpegsaveBuffer(q: 90, interlace: true));
        Add("cmyk.jpg", ImageFormat.Jpeg, cmyk.JpegsaveBuffer());
        Add("grey.jpg", ImageFormat.Jpeg, grey.JpegsaveBuffer());
        Add("gps.jpg", ImageFormat.Jpeg, located.JpegsaveBuffer(keep: Enums.ForeignKeep.All));
        Add("gps.webp", ImageFormat.WebP, located.WebpsaveBuffer(keep: Enums.ForeignKeep.All));
        Add("gps.png", ImageFormat.Png, located.PngsaveBuffer(keep: Enums.ForeignKeep.All));
        Add("plain.png", ImageFormat.Png, photo.PngsaveBuffer());
        Add("interlaced.png", ImageFormat.Png, photo.PngsaveBuffer(interlace: true));
        Add("palette.png", ImageFormat.Png, photo.PngsaveBuffer(palette: true));
        Add("alpha.png", ImageFormat.Png, transparent.PngsaveBuffer());
        Add("deep.png", ImageFormat.Png, deep.PngsaveBuffer());
        Add("grey.png", ImageFormat.Png, grey.PngsaveBuffer());
        Add("lossless.webp", ImageFormat.WebP, photo.WebpsaveBuffer(lossless: true));
        Add("alpha.webp", ImageFormat.WebP, transparent.WebpsaveBuffer());
        Add("moving.webp", ImageFormat.WebP, frames.WebpsaveBuffer());
        Add("still.gif", ImageFormat.Gif, photo.GifsaveBuffer());
        Add("moving.gif", ImageFormat.Gif, frames.GifsaveBuffer());
        samples.Add(new Sample("sunflowers.webp", ImageFormat.WebP, 297, 403,
            () => File.ReadAllBytes(Bundled("category-sunflowers.webp"))));
        samples.Add(new Sample("concert.jpg", ImageFormat.Jpeg, 400, 267,
            () => File.ReadAllBytes(Bundled("concert.jpg"))));
        return samples;

        void Add(string name, ImageFormat format, byte[] bytes) =>
            samples.Add(new Sample(name, format, photo.Width, photo.Height, () => [.. bytes]));
    }

    static Image WithPosition(Image photo) => photo.Mutate(image =>
    {
        image.Set(GValue.GStrType, "exif-ifd0-Make", "Pinhole");
        image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "43/1 28/1 2814/100");
        image.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
    });

    // Stored so that the EXIF orientation turns it upright: the inverse of what TIFF 6.0 says of each value.
    static Sample Oriented(Image upright, int orientation)
    {
        using var turned = orientation switch
        {
            2 => upright.FlipHor(),
            3 => upright.Rot180(),
            4 => upright.FlipVer(),
            5 => upright.Rot90().FlipHor(),
            6 => upright.Rot270(),
            7 => upright.Rot90().FlipVer(),
            8 => upright.Rot90(),
            _ => upright.Copy(),
        };
        using var tagged = turned.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation));
        var bytes = tagged.JpegsaveBuffer(q: 90, keep: Enums.ForeignKeep.All);
        return new Sample(
            $"oriented-{orientation}.jpg", ImageFormat.Jpeg, turned.Width, turned.Height, () => [.. bytes]);
    }

    static IEnumerable<Sample> SharedFolder()
    {
        if (Environment.GetEnvironmentVariable("PINFOLD_SHARED") is not { Length: > 0 } shared)
            yield break;
        var folder = Path.Combine(shared, "data", "images");
        foreach (var line in File.ReadLines(Path.Combine(folder, "MANIFEST.tsv")).Skip(1))
        {
            var fields = line.Split('\t');
            ImageFormat? format = fields[2] switch
            {
                "image/jpeg" => ImageFormat.Jpeg,
                "image/png" => ImageFormat.Png,
                "image/webp" => ImageFormat.WebP,
                "image/gif" => ImageFormat.Gif,
                _ => null,
            };
            if (format is null)
                continue;
            yield return new Sample(fields[0], format.Value, Number(fields[3]), Number(fields[4]),
                () => File.ReadAllBytes(Path.Combine(folder, fields[0])));
        }
    }

    static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
}
