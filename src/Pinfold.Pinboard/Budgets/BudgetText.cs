using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Budgets;

/// <summary>The parts of a budget as people type them; a part that is null, or as it was shown, stays.</summary>
static class BudgetText
{
    /// <exception cref="PinfoldException">Invalid: it is no size; the message says what one looks like.</exception>
    public static long Bytes(string? text, long now) =>
        text is null || text == ByteSize.Of(now) ? now : ByteSize.Parse(text);

    /// <exception cref="PinfoldException">Invalid: it is no number; the message says what one looks like.</exception>
    public static int Number(string? text, int now, string what) =>
        text is null ? now
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new PinfoldException(ErrorKind.Invalid,
            $"\"{Text.Cut(text, 40)}\" is no number of {what}; one looks like 500.");
}
