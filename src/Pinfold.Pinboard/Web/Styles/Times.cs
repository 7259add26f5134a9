using System.Globalization;

namespace Pinfold.Pinboard.Web.Styles;

/// <summary>Times as pages show them.</summary>
internal static class Times
{
    public static string Day(DateTimeOffset at) => at.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
