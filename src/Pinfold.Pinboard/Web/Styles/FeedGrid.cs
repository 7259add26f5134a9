using System.Globalization;
using System.Text;

namespace Pinfold.Pinboard.Web.Styles;

/// <summary>The masonry: how many columns of which width, and how many rows each card spans.</summary>
/// <remarks>
/// Rows are a quarter rem (4 px) high, and a card's height is known from its classes alone: the ratio of its picture
/// (<c>r64</c> is square), the lines of its title (<c>l1</c>, <c>lm</c>, <c>l2</c>) and whether it has a second line
/// (<c>m1</c>). So nothing moves when pictures or scripts arrive, and the order of the page is the order of the tabs.
/// Columns follow the container, not the window, so a scroll bar cannot push one out. They fill it exactly; heights are
/// reckoned from the width in the middle of a step, and the picture's crop takes up the pixel or two between.
/// All lengths are in rem: somebody who has set a larger font gets larger columns and the same layout.
/// </remarks>
internal static class FeedGrid
{
    /// <summary>A ratio of height to width is counted in steps of 1/64: a crop of less than one per cent.</summary>
    public const int RatioSteps = 64;

    private const int RatioMin = 26;
    private const int RatioMax = 160;
    private const int FrameMinPx = 256;
    private const int FrameMaxPx = 3840;
    private const int NarrowFramePx = 560;
    private const int ColumnIdealPx = 252;

    /// <summary>Columns at least this wide show a title of middling length on one line.</summary>
    private const int WideColumnPx = 216;

    public static int Ratio(int width, int height) =>
        Math.Clamp((int)Math.Round((double)height * RatioSteps / Math.Max(1, width)), RatioMin, RatioMax);

    /// <summary>A tile without a picture is as tall as its title needs, and what is said below it.</summary>
    public static int TileRatio(int titleChars, int wordChars) => RatioSteps / 4 * (titleChars switch
    {
        <= 24 => 3,
        <= 56 => 4,
        _ => 5,
    } + (wordChars > 0 ? 1 : 0));

    /// <summary>One line, one or two as the column allows, or two; longer titles are cut with an ellipsis.</summary>
    public static string TitleLines(int titleChars) => titleChars switch
    {
        0 => "l0",
        <= 20 => "l1",
        <= 30 => "lm",
        _ => "l2",
    };

    public static void Write(StringBuilder css)
    {
        for (var ratio = RatioMin; ratio <= RatioMax; ratio++)
            css.Append(CultureInfo.InvariantCulture, $".r{ratio}{{--r:{(double)ratio / RatioSteps:0.####}}}\n");

        var written = (0, 0);
        for (int framePx = FrameMinPx, stepPx; framePx <= FrameMaxPx; framePx += stepPx)
        {
            stepPx = framePx < NarrowFramePx ? 8 : 16;
            var (count, widthPx, gapPx) = Columns(framePx, stepPx);
            if (written == (count, widthPx)) continue;
            written = (count, widthPx);
            var middling = widthPx >= WideColumnPx ? 1 : 2;
            css.Append(CultureInfo.InvariantCulture, $"@container feed (min-width:{framePx / 16.0:0.####}rem)");
            css.Append(
                CultureInfo.InvariantCulture,
                $"{{.feed{{--n:{count};--w:{widthPx};--g:{gapPx};--mid:{middling}}}}}\n");
        }
    }

    private static (int Count, int WidthPx, int GapPx) Columns(int framePx, int stepPx)
    {
        var gapPx = framePx < NarrowFramePx ? 10 : 18;
        var count = Math.Max(2, (int)Math.Round((framePx + gapPx) / (ColumnIdealPx + (double)gapPx)));
        return (count, (framePx + stepPx / 2 - gapPx * (count - 1)) / count, gapPx);
    }
}
