using System.Globalization;
using System.Numerics;

namespace Pinfold.Pinboard.Search;

/// <summary>
/// A perceptual hash as words of an index. Two that differ in so many bits have the other bands in common, so an index
/// finds them without comparing every picture with every other.
/// </summary>
static class PictureBands
{
    const int Count = 16;
    const int Bits = 64 / Count;

    /// <summary>Copies of one photograph are at most so far apart, nearly always.</summary>
    public const int DistanceMax = 9;

    /// <summary>So many bands two pictures have in common at least, that are no farther apart.</summary>
    public const int CommonMin = Count - DistanceMax;

    /// <summary>None for 0: pictures of one flat colour all have that.</summary>
    public static IReadOnlyList<string> Of(ulong hash) => hash == 0 ? []
        : [.. Enumerable.Range(0, Count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i:x}{(hash >> (i * Bits)) & ((1 << Bits) - 1):x}"))];

    public static bool AreAlike(ulong one, ulong other) =>
        one != 0 && other != 0 && BitOperations.PopCount(one ^ other) <= DistanceMax;
}
