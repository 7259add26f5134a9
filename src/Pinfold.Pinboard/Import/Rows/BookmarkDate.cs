using System.Globalization;

namespace Pinfold.Pinboard.Import.Rows;

/// <summary>The many ways in which exports write a time.</summary>
static class BookmarkDate
{
    const long SecondsMax = 100_000_000_000;
    const long MillisecondsMax = SecondsMax * 1000;
    const long MicrosecondsMax = 10_000_000_000_000_000;
    const long WindowsMicrosecondsMax = MicrosecondsMax * 10;

    static readonly DateTimeOffset WindowsEpoch = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly string[] LogForms = ["d/MMM/yyyy:H:mm:ss zzz", "d/MMM/yyyy:H:mm:ss"];

    /// <summary>
    /// Seconds, milliseconds or microseconds since 1970, microseconds since 1601 (told apart by their size), a time
    /// as in web server logs, or ISO 8601; without a zone it is UTC. Null for none, zero, or what is no time.
    /// </summary>
    public static DateTimeOffset? Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number switch
            {
                0 => null,
                < SecondsMax => DateTimeOffset.UnixEpoch.AddSeconds(number),
                < MillisecondsMax => DateTimeOffset.UnixEpoch.AddMilliseconds(number),
                < MicrosecondsMax => DateTimeOffset.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond),
                < WindowsMicrosecondsMax => FromWindowsMicroseconds(number),
                _ => null,
            };
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(text, LogForms, CultureInfo.InvariantCulture, Styles, out var logged)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out logged)
            ? logged.ToUniversalTime()
            : null;
    }

    /// <summary>As Chrome keeps its own times. Null for zero and what is no number.</summary>
    public static DateTimeOffset? ParseWindowsMicroseconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and < WindowsMicrosecondsMax
            ? FromWindowsMicroseconds(number)
            : null;

    static DateTimeOffset FromWindowsMicroseconds(long number) =>
        WindowsEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond);
}
