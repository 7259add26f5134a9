using System.Globalization;
using System.Text.RegularExpressions;

namespace Pinfold.Pinboard.Import.Rows;

/// <summary>The many ways in which exports write a time; without a zone it is UTC.</summary>
static partial class BookmarkDate
{
    const decimal SecondsMax = 100_000_000_000;
    const decimal MillisecondsMax = SecondsMax * 1000;
    const decimal MicrosecondsMax = 10_000_000_000_000_000;
    const decimal WindowsMicrosecondsMax = MicrosecondsMax * 10;
    const decimal NanosecondsMax = SecondsMax * 100_000_000;

    static readonly DateTimeOffset WindowsEpoch = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Years that digits without any mark between them can begin with (<c>20240102</c>).</summary>
    static readonly (DateTimeOffset From, DateTimeOffset Before) YearsInDigits =
        (new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

    static readonly string[] DigitForms = ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss"];

    /// <summary>
    /// Web server logs, ISO 8601 (basic and extended), RFC 1123 and 822, C's and JavaScript's own, German dates. Not
    /// among them are those that say month and day in an order that only their writer knows (05/11/2024).
    /// </summary>
    static readonly string[] Forms =
    [
        "d/MMM/yyyy:H:mm:ss zzz", "d/MMM/yyyy:H:mm:ss",
        "yyyyMMdd'T'HHmmss.FFFFFFFzzz", "yyyyMMdd'T'HHmmss.FFFFFFF",
        "yyyyMMdd'T'HHmmzzz", "yyyyMMdd'T'HHmm",
        "yyyy-M-d'T'H:mm:ss.FFFFFFFzzz", "yyyy-M-d'T'H:mm:ss.FFFFFFF", "yyyy-M-d'T'H:mmzzz", "yyyy-M-d'T'H:mm",
        "yyyy-M-d H:mm:ss.FFFFFFF zzz", "yyyy-M-d H:mm:ss.FFFFFFFzzz", "yyyy-M-d H:mm:ss.FFFFFFF",
        "yyyy-M-d H:mm zzz", "yyyy-M-d H:mm", "yyyy-M-dzzz", "yyyy-M-d",
        "yyyy/M/d H:mm:ss.FFFFFFF zzz", "yyyy/M/d H:mm:ss.FFFFFFF", "yyyy/M/d H:mm", "yyyy/M/d",
        "d MMM yyyy H:mm:ss zzz", "d MMM yyyy H:mm:ss", "d MMM yyyy H:mm zzz", "d MMM yyyy H:mm", "d MMM yyyy",
        "d MMMM yyyy H:mm:ss", "d MMMM yyyy", "d-MMM-yyyy H:mm:ss zzz", "d-MMM-yyyy H:mm:ss", "d-MMM-yyyy",
        "d-MMM-yy H:mm:ss zzz",
        "MMM d H:mm:ss yyyy", "MMM d H:mm:ss zzz yyyy", "MMM d yyyy H:mm:ss zzz", "MMM d yyyy H:mm:ss", "MMM d yyyy",
        "MMMM d yyyy H:mm:ss", "MMMM d yyyy", "MMM d yyyy h:mm:ss tt", "MMM d yyyy h:mm tt", "MMMM d yyyy h:mm tt",
        "MMM d yyyy h:mm:ss tt zzz", "MMM d yyyy h:mm tt zzz",
        "d.M.yyyy H:mm:ss", "d.M.yyyy H:mm", "d.M.yyyy",
    ];

    /// <summary>The zones that RFC 822 names.</summary>
    static readonly Dictionary<string, string> Zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Z"] = "+00:00",
        ["UT"] = "+00:00",
        ["UTC"] = "+00:00",
        ["GMT"] = "+00:00",
        ["EST"] = "-05:00",
        ["EDT"] = "-04:00",
        ["CST"] = "-06:00",
        ["CDT"] = "-05:00",
        ["MST"] = "-07:00",
        ["MDT"] = "-06:00",
        ["PST"] = "-08:00",
        ["PDT"] = "-07:00",
    };

    /// <summary>
    /// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, or of microseconds since 1601, told
    /// apart by their size; or a time in words. No time is said by nothing, and by zero.
    /// </summary>
    public static SourceTime Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            return default;
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number))
            return InDigits(text) ?? FromNumber(text, number);
        if (IsNumber().IsMatch(text))
            return SourceTime.OutOfRange(text);
        return InWords(text) switch
        {
            null => SourceTime.Unreadable(text),
            { } time => Kept(text, time),
        };
    }

    /// <summary>As Chrome keeps its own times.</summary>
    public static SourceTime ParseWindowsMicroseconds(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "0")
            return default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return IsNumber().IsMatch(text) ? SourceTime.OutOfRange(text) : SourceTime.Unreadable(text);
        return number < WindowsMicrosecondsMax
            ? Kept(text, FromWindowsMicroseconds(number))
            : SourceTime.OutOfRange(text);
    }

    static SourceTime FromNumber(string text, decimal number) => number switch
    {
        0 => default,
        < 0 => SourceTime.OutOfRange(text),
        < SecondsMax => Since1970(number * TimeSpan.TicksPerSecond),
        < MillisecondsMax => Since1970(number * TimeSpan.TicksPerMillisecond),
        < MicrosecondsMax => Since1970(number * TimeSpan.TicksPerMicrosecond),
        < WindowsMicrosecondsMax => Kept(text, FromWindowsMicroseconds((long)number)),
        < NanosecondsMax => Since1970(number / TimeSpan.NanosecondsPerTick),
        _ => SourceTime.OutOfRange(text),
    };

    static SourceTime Kept(string text, DateTimeOffset time) =>
        time >= DateTimeOffset.UnixEpoch ? new SourceTime(time) : SourceTime.OutOfRange(text);

    static SourceTime Since1970(decimal ticks) => new(DateTimeOffset.UnixEpoch.AddTicks((long)ticks));

    static DateTimeOffset FromWindowsMicroseconds(long number) =>
        WindowsEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond);

    /// <summary>A date without marks; as a number it would be one of 1970, or of a far future.</summary>
    static SourceTime? InDigits(string text) =>
        DateTimeOffset.TryParseExact(
            text, DigitForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time >= YearsInDigits.From && time < YearsInDigits.Before
            ? new SourceTime(time)
            : default(SourceTime?);

    static DateTimeOffset? InWords(string text)
    {
        var plain = WeekDay().Replace(Comment().Replace(text, ""), "");
        plain = Fraction().Replace(plain, ".$1").Replace(",", "");
        plain = Zone().Replace(plain, zone => Zones.GetValueOrDefault(zone.Value, zone.Value));
        plain = HourOffset().Replace(GmtOffset().Replace(plain, "$1"), "$1:00");
        plain = Blanks().Replace(plain, " ").Trim();
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(plain, Forms, CultureInfo.InvariantCulture, Styles, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    [GeneratedRegex(@"^[+-]?\d+([.,]\d*)?(e[+-]?\d+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex IsNumber();

    [GeneratedRegex(@"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[,.]?\s+", RegexOptions.IgnoreCase)]
    private static partial Regex WeekDay();

    /// <summary>What JavaScript adds: the zone's name, in parentheses.</summary>
    [GeneratedRegex(@"\s*\([^()]{0,60}\)\s*$")]
    private static partial Regex Comment();

    /// <summary>After a digit and at the end, or before the year, as in C.</summary>
    [GeneratedRegex(@"(?<=(?:\d|[AP]M)\s?)(Z|UTC?|GMT|[ECMP][SD]T)(?=\s*$|\s+\d{4}$)", RegexOptions.IgnoreCase)]
    private static partial Regex Zone();

    [GeneratedRegex(@"\b(?:GMT|UTC)\s?([+-]\d)", RegexOptions.IgnoreCase)]
    private static partial Regex GmtOffset();

    /// <summary>Of a second, after a point or a comma; of more than seven digits the first.</summary>
    [GeneratedRegex(@"(?<=:\d\d)[.,](\d{1,7})\d*")]
    private static partial Regex Fraction();

    /// <summary>Hours alone, as PostgreSQL writes them.</summary>
    [GeneratedRegex(@"(?<=:\d\d(?:\.\d+)?\s?)([+-]\d\d)$")]
    private static partial Regex HourOffset();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
