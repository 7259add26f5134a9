using Pinfold.Pinboard.Images.Headers;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>The tables of a JPEG as of now; where a frame of a film names none, those of annex K.3 hold.</summary>
internal sealed class HuffmanTables
{
    const int OfAClass = 4;
    const int Lengths = 16;
    const int SymbolsMax = 256;

    readonly HuffmanTable?[] _dc = new HuffmanTable?[OfAClass];
    readonly HuffmanTable?[] _ac = new HuffmanTable?[OfAClass];

    public HuffmanTable Dc(int number) => _dc[number] ??= Standard(number, CommonDc);

    public HuffmanTable Ac(int number) => _ac[number] ??= Standard(number, CommonAc);

    /// <summary>Takes in a segment DHT (B.2.4.2).</summary>
    public void Read(HeaderBytes bytes)
    {
        Span<byte> counts = stackalloc byte[Lengths];
        Span<byte> symbols = stackalloc byte[SymbolsMax];
        for (var left = JpegMarker.SegmentLength(bytes); left > 0;)
        {
            int target = bytes.Byte();
            var count = 0;
            for (var i = 0; i < Lengths; i++)
                count += counts[i] = bytes.Byte();
            left -= 1 + Lengths + count;
            if (count > SymbolsMax || left < 0 || (target & 15) >= OfAClass || target >> 4 > 1)
                throw JpegFrame.Damaged("a table of codes is not a possible one");
            for (var i = 0; i < count; i++)
                symbols[i] = bytes.Byte();
            (target >> 4 == 0 ? _dc : _ac)[target & 15] = new HuffmanTable(counts, symbols[..count]);
        }
    }

    static HuffmanTable Standard(int number, Func<int, HuffmanTable> common) => number < 2
        ? common(number)
        : throw JpegFrame.Damaged("a table of codes is missing");

    static HuffmanTable CommonDc(int number) => new(
        number == 0
            ? [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
            : [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    static HuffmanTable CommonAc(int number) => number == 0
        ? new HuffmanTable([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], Convert.FromHexString(LuminanceAc))
        : new HuffmanTable([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], Convert.FromHexString(ChrominanceAc));

    const string LuminanceAc =
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25"
        + "262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83"
        + "8485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3"
        + "d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa";

    const string ChrominanceAc =
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718"
        + "191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a"
        + "82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9ca"
        + "d2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";
}
