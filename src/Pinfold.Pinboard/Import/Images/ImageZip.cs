using System.IO.Compression;
using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>
/// A zip archive of pictures, read in place: nothing is unpacked to disk, whatever the names in it say.
/// </summary>
static class ImageZip
{
    /// <summary>
    /// Pictures are compressed already; what shrinks more than this, and is not small, is made to hurt.
    /// </summary>
    const long RatioMax = 200;

    const long RatioFreeBytes = 1 << 20;
    const int UnixTypeMask = 0xF000;
    const int UnixLink = 0xA000;

    /// <summary>The pictures of the rows can be opened until the enumeration ends, one at a time.</summary>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var archive = await OpenAsync(source, cancellation);
        var entries = archive.Entries.Where(e => !e.FullName.EndsWith('/') && !e.FullName.EndsWith('\\'))
            .Select(e => (Path: e.FullName.Replace('\\', '/'), Entry: e)).ToList();
        RefuseOverlaps(entries.Sum(e => e.Entry.CompressedLength), source.Length);
        var wrapper = Wrapper([.. entries.Select(e => e.Path)
            .Where(p => !ImagePath.LeadsOut(p) && ImagePath.HiddenPart(p) is null)]);

        var (boards, rows) = (new ImageBoards(defaultBoard), new RowMaker(ImportLimits.FilesMax));
        var hidden = new HashSet<string>();
        var known = new HashSet<string>();
        foreach (var (fullPath, entry) in entries.OrderBy(e => e.Path, StringComparer.Ordinal))
        {
            var path = fullPath.StartsWith(wrapper, StringComparison.Ordinal) ? fullPath[wrapper.Length..] : fullPath;
            if (ImagePath.LeadsOut(fullPath))
                yield return rows.Remark(
                    fullPath, "Its name is no path within the archive (it leads out of it); it was refused.");
            else if (ImagePath.HiddenPart(path) is { } part)
            {
                if (hidden.Add(part))
                    yield return rows.Remark(part, "It is hidden; it was skipped.");
            }
            else if (Problem(entry, isTwin: !known.Add(path)) is { } problem)
                yield return ToImageFile(entry, path).Refused(boards, rows, problem);
            else
                yield return await ToImageFile(entry, path).ToRowAsync(boards, rows, cancellation);
        }
    }

    static async Task<ZipArchive> OpenAsync(Stream source, CancellationToken cancellation)
    {
        try
        {
            await ZipDirectory.CheckAsync(source, ImportLimits.FilesMax, cancellation);
            source.Position = 0;
            var archive = await ZipArchive.CreateAsync(
                source, ZipArchiveMode.Read, leaveOpen: true, null, cancellation);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or OverflowException)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"The zip archive is damaged or cut off: {e.Message} Copy or make it again.", e);
        }
    }

    static string? Problem(ZipArchiveEntry entry, bool isTwin)
    {
        if (isTwin)
            return "The archive has a file of this name twice; only the first is read.";
        if (entry.IsEncrypted)
            return "It is encrypted; make the archive without a password.";
        if (((entry.ExternalAttributes >> 16) & UnixTypeMask) == UnixLink)
            return "It is a symbolic link; only files that are in the archive itself are read.";
        return entry.Length > RatioFreeBytes && entry.Length / RatioMax > entry.CompressedLength
            ? $"It would unpack to more than {RatioMax} times its size; it may be a zip bomb."
            : null;
    }

    /// <summary>Files that share their bytes multiply them: the known way to small archives of huge content.</summary>
    static void RefuseOverlaps(long compressedBytes, long archiveBytes)
    {
        if (compressedBytes > archiveBytes)
            throw new PinfoldException(ErrorKind.Invalid,
                $"The files in the zip archive claim {compressedBytes:N0} bytes of its {archiveBytes:N0}: "
                + "they overlap, as in a zip bomb.");
    }

    /// <summary>
    /// The one folder that holds everything, with its slash, unless images lie in it directly: who zips a folder of
    /// albums means the albums to be boards, as if the folder itself were imported.
    /// </summary>
    static string Wrapper(string[] paths)
    {
        var wrapper = paths.Length == 0 ? "" : paths[0][..(paths[0].IndexOf('/') + 1)];
        var holdsAll = Array.TrueForAll(paths, p => p.StartsWith(wrapper, StringComparison.Ordinal));
        var holdsImages = Array.Exists(paths, p => p.IndexOf('/', wrapper.Length) < 0 && ImagePath.IsCalledImage(p));
        return holdsAll && !holdsImages ? wrapper : "";
    }

    static ImageFile ToImageFile(ZipArchiveEntry entry, string path) => new(path, entry.Length, WrittenAt(entry),
        async cancellation => new BoundedStream(await entry.OpenAsync(cancellation), entry.Length, path));

    /// <summary>Archives keep local times without a zone; taken as UTC, so that they are the same everywhere.</summary>
    static DateTimeOffset? WrittenAt(ZipArchiveEntry entry) =>
        entry.LastWriteTime.Year <= 1980 ? null : new DateTimeOffset(entry.LastWriteTime.DateTime, TimeSpan.Zero);
}
