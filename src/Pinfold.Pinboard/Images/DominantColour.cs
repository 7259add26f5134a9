namespace Pinfold.Pinboard.Images;

/// <summary>
/// The colour to show where an image will appear: the mean of its most frequent shade, not of everything.
/// </summary>
internal static class DominantColour
{
    const int BitsPerChannel = 3;

    /// <summary>Of pixels in sRGB, three bytes each, as <c>#rrggbb</c>.</summary>
    public static string Of(ReadOnlySpan<byte> rgb)
    {
        const int shades = 1 << (3 * BitsPerChannel);
        Span<int> counts = stackalloc int[shades];
        Span<int> sums = stackalloc int[shades * 3];
        counts.Clear();
        sums.Clear();
        var largest = 0;
        for (; rgb.Length >= 3; rgb = rgb[3..])
        {
            var shade = Shade(rgb[0], rgb[1], rgb[2]);
            for (var channel = 0; channel < 3; channel++)
                sums[(shade * 3) + channel] += rgb[channel];
            if (++counts[shade] > counts[largest])
                largest = shade;
        }

        var count = Math.Max(1, counts[largest]);
        var sum = sums.Slice(largest * 3, 3);
        return $"#{sum[0] / count:x2}{sum[1] / count:x2}{sum[2] / count:x2}";
    }

    static int Shade(byte red, byte green, byte blue)
    {
        const int drop = 8 - BitsPerChannel;
        return (red >> drop << (2 * BitsPerChannel)) | (green >> drop << BitsPerChannel) | (blue >> drop);
    }
}
