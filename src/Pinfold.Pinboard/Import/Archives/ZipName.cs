using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>The name of a file in a zip archive.</summary>
/// <param name="Text">What it is, where the archive says how it is written, or it can be only one thing; else
/// null.</param>
/// <param name="Bytes">As it stands in the archive; kept only where it is not known what it says.</param>
readonly record struct ZipName(string? Text, byte[] Bytes)
{
    const int UnicodePath = 0x7075;
    const int UnicodePathHeaderLength = 5;

    /// <summary>
    /// By the UTF-8 flag, the Unicode path field, or because it is valid UTF-8, which names in other encodings hardly
    /// are.
    /// </summary>
    public static ZipName Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra, bool isUtf8)
    {
        var text = isUtf8 ? Encoding.UTF8.GetString(name)
            : FromUnicodePath(name, extra) ?? (Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : null);
        return new ZipName(text, text is null ? name.ToArray() : []);
    }

    /// <summary>
    /// The Info-ZIP Unicode Path field: version 1, the CRC-32 of the name that it stands for, the name. If the CRC is
    /// another, the file was renamed since by a program that does not know the field.
    /// </summary>
    static string? FromUnicodePath(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var (id, length) =
                (BinaryPrimitives.ReadUInt16LittleEndian(extra), BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]));
            if (length > extra.Length - 4)
                return null;
            var field = extra.Slice(4, length);
            if (id == UnicodePath && length > UnicodePathHeaderLength && field[0] == 1
                && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32(name)
                && Utf8.IsValid(field[UnicodePathHeaderLength..]))
                return Encoding.UTF8.GetString(field[UnicodePathHeaderLength..]);
            extra = extra[(4 + length)..];
        }
        return null;
    }

    /// <summary>As zip archives have it (polynomial 0xEDB88320); names are short, so bit by bit.</summary>
    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
