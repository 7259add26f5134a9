using System.Globalization;

namespace Pinfold.Pinboard;

/// <summary>"1 pin", "1,204 pins".</summary>
internal static class Count
{
    /// <summary>"1,204".</summary>
    public static string Number(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0}");

    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
