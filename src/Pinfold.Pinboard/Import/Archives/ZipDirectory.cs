using System.Buffers.Binary;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// Walks the central directory of a zip archive before the library loads it whole: an archive of 500 MB can hold ten
/// million entries. It takes their names along as they are written, which the library does not give. (PKWARE's APPNOTE,
/// 4.3.12 to 4.3.16, 4.6.9.)
/// </summary>
static class ZipDirectory
{
    const int EndLength = 22;
    const int CommentLengthMax = ushort.MaxValue;
    const int Zip64LocatorLength = 20;
    const int EntryLength = 46;
    const int Utf8Flag = 1 << 11;
    const uint EndSignature = 0x06054b50;
    const uint Zip64LocatorSignature = 0x07064b50;
    const uint Zip64EndSignature = 0x06064b50;
    const uint EntrySignature = 0x02014b50;

    /// <summary>
    /// The names of all entries in their order. Refuses an archive without a directory, or with more than
    /// <paramref name="entriesMax"/> entries.
    /// </summary>
    public static async Task<List<ZipName>> ReadAsync(Stream archive, int entriesMax, CancellationToken cancellation)
    {
        archive.Position = await StartAsync(archive, cancellation);
        // Not disposed: that would close the archive.
        var reader = new BufferedStream(archive, 64 * 1024);
        var entry = new byte[EntryLength];
        var rest = new byte[3 * ushort.MaxValue];
        var names = new List<ZipName>();
        while (true)
        {
            var got = await reader.ReadAtLeastAsync(entry, EntryLength, throwOnEndOfStream: false, cancellation);
            if (got < EntryLength || Signature(entry) != EntrySignature)
                return names;
            if (names.Count == entriesMax)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"The zip archive holds more than {entriesMax:N0} files, the most that one import reads.");
            var (nameLength, extraLength) = (UInt16(entry, 28), UInt16(entry, 30));
            var length = nameLength + extraLength + UInt16(entry, 32);
            if (await reader.ReadAtLeastAsync(rest.AsMemory(0, length), length, false, cancellation) < length)
                throw NotWhole();
            var isUtf8 = (UInt16(entry, 8) & Utf8Flag) != 0;
            names.Add(ZipName.Of(rest.AsSpan(0, nameLength), rest.AsSpan(nameLength, extraLength), isUtf8));
        }
    }

    static async Task<long> StartAsync(Stream archive, CancellationToken cancellation)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + CommentLengthMax + Zip64LocatorLength)];
        archive.Position = archive.Length - tail.Length;
        await archive.ReadExactlyAsync(tail, cancellation);
        var end = tail.Length - EndLength;
        while (end >= 0 && Signature(tail.AsSpan(end)) != EndSignature)
            end--;
        if (end < 0)
            throw NotWhole();
        long start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (start == uint.MaxValue)
            start = await Zip64StartAsync(archive, tail.AsMemory(0, end), cancellation);
        return start <= archive.Length && start >= 0 ? start : throw NotWhole();
    }

    static async Task<long> Zip64StartAsync(
        Stream archive, ReadOnlyMemory<byte> beforeEnd, CancellationToken cancellation)
    {
        if (beforeEnd.Length < Zip64LocatorLength
            || Signature(beforeEnd.Span[^Zip64LocatorLength..]) != Zip64LocatorSignature)
            throw NotWhole();
        var at = BinaryPrimitives.ReadInt64LittleEndian(beforeEnd.Span[^(Zip64LocatorLength - 8)..]);
        var end = new byte[56];
        if (at < 0 || at > archive.Length - end.Length)
            throw NotWhole();
        archive.Position = at;
        await archive.ReadExactlyAsync(end, cancellation);
        return Signature(end) == Zip64EndSignature
            ? BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(48))
            : throw NotWhole();
    }

    static uint Signature(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    static int UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    static PinfoldException NotWhole() => new(ErrorKind.Invalid,
        "The zip archive is damaged or cut off: its list of files, at its end, is missing. Copy or make it again.");
}
