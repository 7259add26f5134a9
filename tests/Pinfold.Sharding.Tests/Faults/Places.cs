using Pinfold.Testing.Proxy;
using Shouldly;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>The places of a batch at which these tests cut.</summary>
static class Places
{
    /// <summary>Each once with both sides cut, and once so that the server does not learn of it.</summary>
    public static List<CutPoint> TwiceIn(string sql)
    {
        var places = CutPoint.EveryPlaceIn(sql).ToList();
        return [.. places, .. places.Select(place => place with { ServerSideStaysOpen = true })];
    }

    /// <summary>
    /// What a caller was told at a cut: true for success, false for an unknown outcome, nothing else. Success is right
    /// only where the server was left to run, and may have answered faster than the cut came.
    /// </summary>
    public static async Task<bool> ToldOfSuccessAsync(Task task, CutPoint point)
    {
        try
        {
            await task;
        }
        catch (PinfoldException e)
        {
            e.Kind.ShouldBe(ErrorKind.OutcomeUnknown, point.ToString());
            return false;
        }
        point.Kind.ShouldBe(CutKind.WhileRunning, point.ToString());
        return true;
    }
}
