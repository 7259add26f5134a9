using Pinfold.Testing.Proxy;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>The places of a batch at which these tests cut.</summary>
static class Places
{
    /// <summary>
    /// Every one. A compound statement (MariaDB) is answered as a whole, so there is no place after the answer to each
    /// part.
    /// </summary>
    public static List<CutPoint> In(string sql) =>
        [.. CutPoint.EveryPlaceIn(sql).Where(point => point.Kind != CutKind.AfterStatementReply || !IsCompound(sql))];

    /// <summary>Each once with both sides cut, and once so that the server does not learn of it.</summary>
    public static List<CutPoint> TwiceIn(string sql) =>
        [.. In(sql), .. In(sql).Select(point => point with { ServerSideStaysOpen = true })];

    static bool IsCompound(string sql) => sql.StartsWith("BEGIN NOT ATOMIC", StringComparison.Ordinal);
}
