using System.Numerics;
using Lucene.Net.Search.Similarities;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// BM25 that keeps how long a text is as later versions do, so that the order is that of Solr: exactly up to a few
/// dozen words, and beyond in four bits and an exponent (SmallFloat.intToByte4 of Lucene 7 and later).
/// </summary>
sealed class LengthKeepingBm25 : BM25Similarity
{
    const int MantissaBits = 3;
    const int Mantissa = (1 << MantissaBits) - 1;

    static readonly int Exact = byte.MaxValue - ToFour(int.MaxValue);

    protected override byte EncodeNormValue(float boost, int fieldLength) =>
        (byte)(fieldLength < Exact ? fieldLength : Exact + ToFour(fieldLength - Exact));

    protected override float DecodeNormValue(byte b) => b < Exact ? b : Exact + FromFour(b - Exact);

    static int ToFour(int length)
    {
        var bits = 32 - BitOperations.LeadingZeroCount((uint)length);
        if (bits <= MantissaBits)
            return length;
        var shift = bits - MantissaBits - 1;
        return ((length >> shift) & Mantissa) | ((shift + 1) << MantissaBits);
    }

    static long FromFour(int four)
    {
        var shift = (four >> MantissaBits) - 1;
        return shift < 0 ? four & Mantissa : (long)((four & Mantissa) | (Mantissa + 1)) << shift;
    }
}
