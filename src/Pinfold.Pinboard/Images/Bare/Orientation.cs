using System.Buffers.Binary;

namespace Pinfold.Pinboard.Images.Bare;

/// <summary>
/// How a picture is to be turned to be upright: the one thing of EXIF that a picture is not whole without.
/// </summary>
/// <remarks>TIFF 6.0, tag 274; 1 is upright, 2 to 8 are the ways to turn and mirror.</remarks>
static class Orientation
{
    const int Tag = 0x0112;
    const int Upright = 1;
    const int Last = 8;
    const int EntryBytes = 12;

    /// <summary>What a TIFF header and what follows it say; upright where they say nothing that makes sense.</summary>
    public static int Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
            return Upright;
        var isLittle = tiff[0] == 'I';
        var directory = Int32(tiff[4..], isLittle);
        if (directory > tiff.Length - 2)
            return Upright;
        var count = Int16(tiff[(int)directory..], isLittle);
        var entries = tiff[((int)directory + 2)..];
        for (var i = 0; i < count && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
            if (Int16(entries, isLittle) == Tag)
                return Int16(entries[8..], isLittle) is >= Upright and <= Last and var value ? value : Upright;
        return Upright;
    }

    /// <summary>EXIF that says this and nothing else; null where it is upright anyway.</summary>
    public static byte[]? ToTiff(int orientation) => orientation == Upright ? null :
    [
        .. "MM\0*"u8, 0, 0, 0, 8,
        0, 1, Tag >> 8, Tag & 0xFF, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    static int Int16(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint Int32(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
