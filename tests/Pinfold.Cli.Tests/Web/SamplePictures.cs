using NetVips;
using Pinfold.Pinboard.Images;

namespace Pinfold.Cli.Tests.Web;

/// <summary>Pictures drawn here, of many ratios and colours: a sky, a sun and two hills.</summary>
static class SamplePictures
{
    static readonly (int Width, int Height)[] Sizes =
        [(900, 600), (600, 900), (800, 800), (640, 1000), (1200, 500), (500, 1500), (1000, 750), (750, 1000),
            (480, 480), (1600, 400)];

    static readonly double[][] Skies =
        [[236, 204, 170], [150, 182, 198], [232, 170, 150], [60, 72, 110], [206, 214, 190], [244, 226, 180],
            [120, 150, 140]];

    static readonly double[][] Hills =
        [[62, 88, 74], [120, 70, 58], [38, 52, 66], [150, 120, 70], [84, 60, 96], [44, 96, 110]];

    /// <summary>Writes pictures 0 to count-1 into folders, which an import makes boards of.</summary>
    public static void Write(string folder, IReadOnlyList<string> boards, int count)
    {
        Libvips.Restrict();
        for (var i = 0; i < count; i++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, boards[i % boards.Count])).FullName;
            using var picture = Draw(i);
            if (i % 3 == 0)
                picture.Pngsave(Path.Combine(place, $"Hills {i + 1}.png"));
            else
                picture.Jpegsave(Path.Combine(place, $"Hills {i + 1}.jpg"), q: 85);
        }
    }

    /// <summary>The picture of a number.</summary>
    public static Image Draw(int number)
    {
        var (width, height) = Sizes[number % Sizes.Length];
        var (sky, hill) = (Skies[number % Skies.Length], Hills[number % Hills.Length]);
        using var place = Image.Xyz(width, height);
        using var x = place[0] / width;
        using var y = place[1] / height;
        using var air = Blend(y, sky, [255, 250, 240]);
        using var sunX = x - (0.2 + number % 5 * 0.14);
        using var sunY = (y - 0.3) * ((double)height / width);
        using var sun = (sunX * sunX + sunY * sunY) < 0.012;
        using var lit = sun.Ifthenelse(new double[] { 255, 244, 214 }, air);
        using var far = y > ((x * (250 + number * 13)).Cos() * 0.06 + 0.62);
        using var near = y > ((x * (190 + number * 17) + 90).Sin() * 0.09 + 0.78);
        using var withFar = far.Ifthenelse(hill.Select(c => c * 0.75 + 60).ToArray(), lit);
        using var withNear = near.Ifthenelse(hill, withFar);
        return withNear.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }

    static Image Blend(Image share, double[] from, double[] to)
    {
        var bands = Enumerable.Range(0, 3).Select(i => share * (to[i] - from[i]) + from[i]).ToArray();
        return bands[0].Bandjoin(bands[1], bands[2]);
    }
}
