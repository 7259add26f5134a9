using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search.Indexing;

namespace Pinfold.Pinboard.Explore;

/// <summary>How hot a pin is: recent and popular in one number, which changes only when somebody takes the pin up.
/// </summary>
/// <remarks>
/// Reddit's formula (A. Salihefendic, "How Reddit ranking algorithms work", 2010): the logarithm of the votes, plus the
/// time at 12.5 hours to a factor of ten. Since what is newer begins higher, nothing has to be made to cool down. It is
/// written as a time here: that of the pin, and 12.5 hours for each factor of ten.
/// </remarks>
static class Heat
{
    static readonly TimeSpan OfTenTimes = TimeSpan.FromSeconds(45_000);

    /// <param name="count">How often others took it up.</param>
    /// <param name="atMs">When it was pinned. What is said to be of a time to come is of now.</param>
    /// <param name="nowMs">Now.</param>
    public static long Of(PinCount count, long atMs, long nowMs) =>
        Math.Min(atMs, nowMs) + (long)(OfTenTimes.TotalMilliseconds * Math.Log10(1 + Popularity.Of(count)));
}
