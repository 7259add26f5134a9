using System.IO.Compression;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>A file in a zip archive; nothing of it is unpacked before it is opened.</summary>
/// <param name="FullName">As the archive calls it, with <c>/</c>.</param>
/// <param name="Entry">Where it is.</param>
sealed record ArchivedFile(string FullName, ZipArchiveEntry Entry)
{
    /// <summary>
    /// Pictures are compressed already; what shrinks more than this, and is not small, is made to hurt.
    /// </summary>
    const long RatioMax = 200;

    const long RatioFreeBytes = 1 << 20;
    const int UnixTypeMask = 0xF000;
    const int UnixLink = 0xA000;

    /// <summary>In Unicode's composed form.</summary>
    public string Path { get; } = Text.Composed(FullName);

    public bool IsFolder => FullName.EndsWith('/');

    /// <summary>Why it must not be opened, or null.</summary>
    public string? Problem
    {
        get
        {
            if (Entry.IsEncrypted)
                return "It is encrypted; make the archive without a password.";
            if (((Entry.ExternalAttributes >> 16) & UnixTypeMask) == UnixLink)
                return "It is a symbolic link; only files that are in the archive itself are read.";
            return Entry.Length > RatioFreeBytes && Entry.Length / RatioMax > Entry.CompressedLength
                ? $"It would unpack to more than {RatioMax} times its size; it may be a zip bomb."
                : null;
        }
    }

    /// <summary>Archives keep local times without a zone; taken as UTC, so that they are the same everywhere.</summary>
    public DateTimeOffset? WrittenAt => Entry.LastWriteTime.Year <= 1980
        ? null
        : new DateTimeOffset(Entry.LastWriteTime.DateTime, TimeSpan.Zero);

    public async Task<Stream> OpenAsync(CancellationToken cancellation) =>
        new BoundedStream(await Entry.OpenAsync(cancellation), Entry.Length, Path);
}
