namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>A table of codes of 1 to 16 bits (ITU-T T.81, annex C), for codes to be read and not to be
/// written.</summary>
internal sealed class HuffmanTable
{
    const int LengthMax = 16;
    const int QuickBits = 9;

    /// <summary>By the next bits: length and symbol of a short code, or 0.</summary>
    readonly ushort[] _quick = new ushort[1 << QuickBits];

    /// <summary>By length: one more than the largest code, at the top of 16 bits.</summary>
    readonly int[] _end = new int[LengthMax + 1];
    readonly int[] _offset = new int[LengthMax + 1];
    readonly byte[] _symbols;

    /// <summary>How many codes there are of each length from 1 on, and their symbols in the order of the
    /// codes.</summary>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        var (code, index) = (0, 0);
        for (var length = 1; length <= LengthMax; length++)
        {
            _offset[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, index++)
                if (length <= QuickBits && code < 1 << length)
                    _quick.AsSpan(code << (QuickBits - length), 1 << (QuickBits - length))
                        .Fill((ushort)((length << 8) | symbols[index]));
            if (code > 1 << length)
                throw JpegFrame.Damaged("a table of codes is not a possible one");
            _end[length] = code << (LengthMax - length);
            code <<= 1;
        }
    }

    /// <summary>The code at the top of 16 bits; its length is 0 if there is none such.</summary>
    public (int Length, int Symbol) Read(int next16)
    {
        if (_quick[next16 >> (LengthMax - QuickBits)] is var quick and not 0)
            return (quick >> 8, quick & 0xFF);
        for (var length = QuickBits + 1; length <= LengthMax; length++)
            if (next16 < _end[length])
                return (length, _symbols[(next16 >> (LengthMax - length)) + _offset[length]]);
        return (0, 0);
    }
}
