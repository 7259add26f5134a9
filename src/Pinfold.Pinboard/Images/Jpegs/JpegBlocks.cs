using System.Numerics;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>
/// Follows the codes of one block after the other (ITU-T T.81, F.2.2 and G.2), without making pixels of them. Of a
/// progressive image it keeps which coefficients are not zero: later scans have a bit for each of those.
/// </summary>
internal sealed class JpegBlocks(JpegScan scan, HuffmanTables tables, EntropyBits bits)
{
    const int RunOnly = 15;
    const int DcBitsMax = 16;

    int _endOfBandRun;

    /// <summary>A run of blocks without more coefficients does not go over a restart.</summary>
    public void Restart() => _endOfBandRun = 0;

    public void ReadSequential(int dcTable, int acTable)
    {
        ReadDc(dcTable);
        var ac = tables.Ac(acTable);
        for (var k = 1; k < JpegScan.Coefficients; k++)
        {
            var (run, size) = Split(bits.Symbol(ac));
            if (size == 0 && run != RunOnly)
                return;
            k += run;
            bits.Skip(size);
        }
    }

    public void ReadProgressive(int dcTable, int acTable, ref ulong nonZero)
    {
        if (scan.First == 0 && scan.High == 0)
            ReadDc(dcTable);
        else if (scan.First == 0)
            bits.Skip(1);
        else if (scan.High == 0)
            ReadFirst(tables.Ac(acTable), ref nonZero);
        else
            Refine(tables.Ac(acTable), ref nonZero);
    }

    void ReadDc(int table)
    {
        var size = bits.Symbol(tables.Dc(table));
        if (size > DcBitsMax)
            throw JpegFrame.Damaged("its data holds a code that there is not");
        bits.Skip(size);
    }

    void ReadFirst(HuffmanTable ac, ref ulong nonZero)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }

        for (var k = scan.First; k <= scan.Last; k++)
        {
            var (run, size) = Split(bits.Symbol(ac));
            if (size == 0 && run != RunOnly)
            {
                _endOfBandRun = (1 << run) - 1 + bits.Bits(run);
                return;
            }

            k += run;
            bits.Skip(size);
            if (size > 0 && k < JpegScan.Coefficients)
                nonZero |= 1UL << k;
        }
    }

    void Refine(HuffmanTable ac, ref ulong nonZero)
    {
        var k = scan.First;
        while (_endOfBandRun == 0 && k <= scan.Last)
        {
            var (run, size) = Split(bits.Symbol(ac));
            if (size == 0 && run != RunOnly)
            {
                _endOfBandRun = (1 << run) + bits.Bits(run);
                break;
            }

            bits.Skip(size == 0 ? 0 : 1);
            for (; k <= scan.Last; k++)
                if ((nonZero >> k & 1) != 0)
                    bits.Skip(1);
                else if (--run < 0)
                    break;
            if (size > 0 && k <= scan.Last)
                nonZero |= 1UL << k;
            k++;
        }

        if (_endOfBandRun == 0)
            return;
        _endOfBandRun--;
        var rest = k > scan.Last ? 0 : nonZero >> k << k & (ulong.MaxValue >> (JpegScan.Coefficients - 1 - scan.Last));
        bits.Skip(BitOperations.PopCount(rest));
    }

    static (int Run, int Size) Split(int symbol) => (symbol >> 4, symbol & 15);
}
