using Pinfold.Testing;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>The places of a batch at which these tests cut.</summary>
static class Places
{
    /// <summary>
    /// Each once with both sides cut, and once so that the server does not learn of it; outside a soak
    /// <paramref name="count"/> of them, among which are those around the commit.
    /// </summary>
    public static IReadOnlyList<CutPoint> TwiceIn(string sql, int count)
    {
        var places = CutPoint.EveryPlaceIn(sql).ToList();
        return Sample([.. places, .. places.Select(place => place with { ServerSideStaysOpen = true })], sql, count);
    }

    /// <summary>Each with both sides cut; outside a soak <paramref name="count"/> of them.</summary>
    public static IReadOnlyList<CutPoint> OnceIn(string sql, int count) =>
        Sample([.. CutPoint.EveryPlaceIn(sql)], sql, count);

    static IReadOnlyList<CutPoint> Sample(IReadOnlyList<CutPoint> places, string sql, int count)
    {
        // What commits is the last statement: before it nothing has happened, after it all has.
        var commit = SqlStatements.Count(sql);
        return Soak.Sample(places, count,
            place => place.Kind is CutKind.BeforeCommand or CutKind.WhileRunning or CutKind.InsideReply
                || (place.Kind == CutKind.AfterStatement && place.Amount >= commit - 1),
            TestContext.Current.TestOutputHelper!.WriteLine);
    }

    /// <summary>What a caller is told whose connection was cut there and cannot be made again.</summary>
    public static async Task IsUnknownAsync(Task task, CutPoint point) =>
        (await Should.ThrowAsync<PinfoldException>(() => task, point.ToString()))
            .Kind.ShouldBe(ErrorKind.OutcomeUnknown, point.ToString());
}
