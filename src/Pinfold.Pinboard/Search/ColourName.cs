using System.Globalization;

namespace Pinfold.Pinboard.Search;

/// <summary>The dozen colours by which pictures are told apart.</summary>
static class ColourName
{
    public static readonly IReadOnlyList<string> All =
        ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "white", "grey", "black"];

    /// <summary>Where each hue ends, in degrees.</summary>
    static readonly (double Below, string Name)[] Hues =
    [
        (14, "red"), (42, "orange"), (68, "yellow"), (160, "green"), (195, "teal"), (255, "blue"), (290, "purple"),
        (340, "pink"), (360, "red"),
    ];

    /// <summary>Of <c>#rrggbb</c>; null for what is none.</summary>
    public static string? Of(string? colour)
    {
        if (colour is not ['#', .. { Length: 6 } digits]
            || !int.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb))
            return null;
        var (red, green, blue) = (rgb >> 16, (rgb >> 8) & 255, rgb & 255);
        var (max, min) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
        var chroma = max - min;
        if (chroma < 24)
            return max < 64 ? "black" : max > 208 ? "white" : "grey";
        if (max < 48)
            return "black";
        var hue = HueOf(red, green, blue, max, chroma);
        var name = Hues.First(h => hue < h.Below).Name;
        return name is "orange" or "red" && max < 160 && hue >= 8 && hue < 50 ? "brown" : name;
    }

    static double HueOf(int red, int green, int blue, int max, double chroma)
    {
        var sixth = max == red ? ((green - blue) / chroma) + (green < blue ? 6 : 0)
            : max == green ? ((blue - red) / chroma) + 2
            : ((red - green) / chroma) + 4;
        return sixth * 60 % 360;
    }
}
