using System.Globalization;
using System.Text;

namespace Pinfold.Pinboard.Web.Styles;

/// <summary>Colours that depend on data, as a fixed set of classes: the CSP allows no style attribute.</summary>
internal static class Palette
{
    private const int Levels = 6;
    private const int HueCount = 24;

    /// <summary>The class of the nearest of 216 colours (six levels each of red, green and blue).</summary>
    public static string Nearest(int rgb)
    {
        var red = Level(rgb >> 16);
        var green = Level(rgb >> 8);
        var blue = Level(rgb);
        return $"k{(red * Levels + green) * Levels + blue}";
    }

    /// <summary>The class of a hue that always is the same for the same host or username.</summary>
    public static string Hue(string name)
    {
        // FNV-1a: string.GetHashCode differs from one process to the next, and colours should not.
        var hash = 2166136261u;
        foreach (var letter in name) hash = (hash ^ char.ToLowerInvariant(letter)) * 16777619u;
        return $"q{(hash ^ (hash >> 15)) % HueCount}";
    }

    public static void Write(StringBuilder css)
    {
        const int cube = Levels * Levels * Levels;
        for (var index = 0; index < cube; index++)
        {
            var (red, green, blue) = (index / (Levels * Levels), index / Levels % Levels, index % Levels);
            css.Append(CultureInfo.InvariantCulture, $".k{index}{{--k:#{red * 3:x}{green * 3:x}{blue * 3:x}}}\n");
        }
        for (var hue = 0; hue < HueCount; hue++)
            css.Append(CultureInfo.InvariantCulture, $".q{hue}{{--q:{hue * 360 / HueCount}}}\n");
    }

    private static int Level(int channel) => ((channel & 0xFF) * (Levels - 1) + 127) / 255;
}
