using System.Globalization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Budgets;

/// <summary>Numbers of bytes as people write them: <c>20GB</c>, <c>1.5 MB</c>. A KB is 1,024 bytes, and so
/// on.</summary>
static class ByteSize
{
    static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;
        var places = unit == 0 || value >= 100 || value == Math.Floor(value) ? "0" : "0.0";
        return $"{value.ToString(places, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <exception cref="PinfoldException">Invalid: it is no size; the message says what one looks like.</exception>
    public static long Parse(string text)
    {
        var trimmed = text.Trim();
        var number = trimmed.TrimEnd([.. "bytesBYTEkKmMgGtTiI "]);
        var unit = trimmed[number.Length..].Trim().ToUpperInvariant().Replace("IB", "B", StringComparison.Ordinal);
        var power = unit switch
        {
            "" or "B" or "BYTES" => 0,
            "K" or "KB" => 1,
            "M" or "MB" => 2,
            "G" or "GB" => 3,
            "T" or "TB" => 4,
            _ => -1,
        };
        return power >= 0
            && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * Math.Pow(1024, power) is var bytes && bytes <= 1L << 60
            ? (long)bytes
            : throw new PinfoldException(ErrorKind.Invalid,
                $"\"{text}\" is no size. One looks like 500MB, 20GB or 1.5TB.");
    }
}
