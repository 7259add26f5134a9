using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Cli.Audit;

/// <summary>A moment in the past, as people say one.</summary>
static class SinceOption
{
    /// <summary>Null is the beginning of all.</summary>
    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public static DateTimeOffset Parse(string? text, DateTimeOffset now)
    {
        if (text is null)
            return DateTimeOffset.UnixEpoch;
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= 10_000 && UnitOf(text[^1]) is { } unit)
            return now - (n * unit);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && at > DateTimeOffset.UnixEpoch
            ? at
            : throw new PinfoldException(ErrorKind.Invalid,
                $"--since {text} is no time; 2026-11-28, 2026-11-28T16:00 (UTC), 12h or 7d are.");
    }

    static TimeSpan? UnitOf(char unit) => unit switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
