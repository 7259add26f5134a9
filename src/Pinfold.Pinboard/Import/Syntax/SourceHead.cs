namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>
/// The first bytes of a source, from which it is told what it is; the source stands at its beginning again.
/// </summary>
sealed class SourceHead
{
    public const int LengthMax = 64 * 1024;
    public const string ZipArchive = "a zip archive";
    public const string FirefoxBackup = "a Firefox backup (jsonlz4)";

    static readonly (byte[] Magic, int At, string What)[] Magics =
    [
        ([0xFF, 0xD8, 0xFF], 0, "a JPEG image"),
        ([0x89, .. "PNG"u8], 0, "a PNG image"),
        ([.. "GIF8"u8], 0, "a GIF image"),
        ([.. "WEBP"u8], 8, "a WebP image"),
        ([.. "ftypavif"u8], 4, "an AVIF image"),
        ([.. "ftyphei"u8], 4, "a HEIF image"),
        ([.. "ftypmif1"u8], 4, "a HEIF image"),
        ([.. "ftypmsf1"u8], 4, "a HEIF image"),
        ([.. "II*\0"u8], 0, "a TIFF image"),
        ([.. "MM\0*"u8], 0, "a TIFF image"),
        ([0xFF, 0x0A], 0, "a JPEG XL image"),
        ([.. "ftyp"u8], 4, "a video"),
        ([.. "%PDF"u8], 0, "a PDF document"),
        ([.. "PK\x03\x04"u8], 0, ZipArchive),
        ([.. "PK\x05\x06"u8], 0, "an empty zip archive"),
        ([0x1F, 0x8B], 0, "a gzip file"),
        ([.. "7z"u8, 0xBC, 0xAF], 0, "a 7-Zip archive"),
        ([.. "Rar!"u8], 0, "a RAR archive"),
        ([.. "SQLite format 3"u8], 0, "a SQLite database (Firefox's places.sqlite is one)"),
        ([.. "mozLz40"u8], 0, FirefoxBackup),
        ([.. "bplist"u8], 0, "a property list (Safari's Bookmarks.plist is one)"),
    ];

    public SourceHead(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the bytes are if they are no text ("a JPEG image"), else null.</summary>
    public string? Binary
    {
        get
        {
            foreach (var (magic, at, what) in Magics)
                if (Bytes.Length >= at + magic.Length && Bytes.Span.Slice(at, magic.Length).SequenceEqual(magic))
                    return what;
            var isMarkedText = SourceText.ByteOrderMark(Bytes.Span) is not null;
            return !isMarkedText && Bytes.Span.Contains((byte)0) ? "a binary file" : null;
        }
    }

    public bool IsImage => Binary?.EndsWith(" image", StringComparison.Ordinal) == true;

    public static async Task<SourceHead> ReadAsync(Stream source, CancellationToken cancellation)
    {
        if (!source.CanSeek)
            throw new ArgumentException("The source must be seekable.", nameof(source));
        source.Position = 0;
        var head = await ReadNextAsync(source, cancellation);
        source.Position = 0;
        return head;
    }

    /// <summary>Reads what comes next in the stream, and does not go back.</summary>
    public static async Task<SourceHead> ReadNextAsync(Stream source, CancellationToken cancellation)
    {
        var buffer = new byte[LengthMax];
        var count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return new SourceHead(buffer.AsMemory(0, count));
    }

    public string Decode() => SourceText.EncodingOf(this).GetString(Bytes.Span).TrimStart('\uFEFF');
}
