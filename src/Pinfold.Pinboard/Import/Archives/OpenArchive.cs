using System.IO.Compression;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>A zip archive that is read in place: nothing is unpacked to disk, whatever the names in it say.</summary>
sealed class OpenArchive : IAsyncDisposable
{
    readonly ZipArchive _archive;

    OpenArchive(ZipArchive archive, IReadOnlyList<ArchivedFile> files) => (_archive, Files) = (archive, files);

    /// <summary>
    /// Its files and folders in the ordinal order of their paths; they can be opened until it is disposed.
    /// </summary>
    public IReadOnlyList<ArchivedFile> Files { get; }

    /// <summary>The source is left open.</summary>
    public static async Task<OpenArchive> OpenAsync(Stream source, CancellationToken cancellation)
    {
        try
        {
            var names = ZipNames.Decode(await ZipDirectory.ReadAsync(source, ImportLimits.FilesMax, cancellation));
            source.Position = 0;
            var archive = await ZipArchive.CreateAsync(
                source, ZipArchiveMode.Read, leaveOpen: true, null, cancellation);
            if (archive.Entries.Count != names.Count)
                throw new InvalidDataException("Its list of files is not as long as it says.");
            RefuseOverlaps(archive.Entries.Sum(entry => entry.CompressedLength), source.Length);
            return new OpenArchive(archive, [.. names.Zip(archive.Entries)
                .Select(pair => new ArchivedFile(pair.First.Replace('\\', '/'), pair.Second))
                .OrderBy(file => file.Path, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or OverflowException)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"The zip archive is damaged or cut off: {e.Message} Copy or make it again.", e);
        }
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    /// <summary>Files that share their bytes multiply them: the known way to small archives of huge content.</summary>
    static void RefuseOverlaps(long compressedBytes, long archiveBytes)
    {
        if (compressedBytes > archiveBytes)
            throw new PinfoldException(ErrorKind.Invalid,
                $"The files in the zip archive claim {compressedBytes:N0} bytes of its {archiveBytes:N0}: "
                + "they overlap, as in a zip bomb.");
    }
}
