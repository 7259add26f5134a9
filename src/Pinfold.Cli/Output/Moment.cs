using System.Globalization;

namespace Pinfold.Cli.Output;

/// <summary>A moment as tables show it: in UTC, to the second.</summary>
static class Moment
{
    public static string Of(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "Z";
}
