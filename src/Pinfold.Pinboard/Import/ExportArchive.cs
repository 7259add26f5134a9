using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Archives;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// A zip archive of bookmark files, as Pocket and Takeout send it: each is read as what it is, and the rest is said by
/// name.
/// </summary>
sealed class ExportArchive
{
    /// <summary>How many files are looked at before an archive is taken for one of something else.</summary>
    const int LooksMax = 200;

    const int ReasonLengthMax = 200;

    readonly JoinedRows _rows = new();
    readonly SortedDictionary<string, (int Count, string Name, string Why)> _unused = new(StringComparer.Ordinal);

    /// <summary>Whether it is one of pictures (where those are <paramref name="takesImages"/>) or of exports.</summary>
    public static async Task<(ImportFormat? Format, string What)> JudgeAsync(
        Stream source, bool takesImages, CancellationToken cancellation)
    {
        await using var archive = await OpenArchive.OpenAsync(source, cancellation);
        var files = archive.Files.Where(IsRead).ToList();
        if (takesImages && files.Exists(file => ImagePath.IsCalledImage(file.Path)))
            return (ImportFormat.ImageZip, "");
        foreach (var file in files.Take(LooksMax))
            if ((await JudgeAsync(file, cancellation)).Format is not null)
                return (ImportFormat.ExportZip, "");
        return takesImages ? (ImportFormat.ImageZip, "") : (null, "a zip archive without any bookmark file in it");
    }

    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var archive = await OpenArchive.OpenAsync(source, cancellation);
        var export = new ExportArchive();
        foreach (var file in archive.Files)
        {
            if (!IsRead(file))
                continue;
            await using var content = new ArchivedStream(file);
            var (format, what) = await JudgeAsync(file, cancellation);
            if (format is null)
                export.LeaveOut(file, what);
            else
                await foreach (var row in export._rows.AddAsync(
                    file.Path, format.ReadAsync(content, format.BoardFor(file.Path, defaultBoard), cancellation)))
                    yield return row;
        }
        foreach (var row in export.Remarks(archive.Files))
            yield return row;
    }

    static bool IsRead(ArchivedFile file) =>
        !file.IsFolder && !ImagePath.LeadsOut(file.FullName) && ImagePath.HiddenPart(file.Path) is null;

    /// <summary>An archive in an archive is not opened.</summary>
    static async Task<(ImportFormat? Format, string What)> JudgeAsync(ArchivedFile file, CancellationToken cancellation)
    {
        if (file.Problem is { } problem)
            return (null, problem);
        try
        {
            await using var content = await file.OpenAsync(cancellation);
            var (format, what) = FormatJudge.Judge(await SourceHead.ReadNextAsync(content, cancellation));
            return ImportFormat.Bookmarks.Contains(format!) ? (format, "") : (null, $"It is {format?.Name ?? what}.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or PinfoldException)
        {
            return (null, $"It cannot be read: {e.Message}");
        }
    }

    void LeaveOut(ArchivedFile file, string why)
    {
        var folder = FolderOf(file);
        var (count, name, first) = _unused.GetValueOrDefault(folder, (0, file.Path, why));
        _unused[folder] = (count + 1, name, first);
    }

    /// <summary>What was not used, by its folder; folders with nothing in them too.</summary>
    IEnumerable<ImportRow> Remarks(IReadOnlyList<ArchivedFile> files)
    {
        foreach (var (folder, (count, name, why)) in _unused)
            yield return count == 1
                ? _rows.Remark(name, $"It holds no bookmarks and was not used. {Text.Cut(why, ReasonLengthMax)}")
                : _rows.Remark(
                    folder.Length == 0 ? "Files of the archive" : folder,
                    $"{count:N0} files hold no bookmarks and were not used, the first of them {name}: "
                    + Text.Cut(why, ReasonLengthMax));
        var filled = files.Where(file => !file.IsFolder).Select(FolderOf).ToHashSet();
        foreach (var folder in files.Where(file => file.IsFolder && ImagePath.HiddenPart(file.Path) is null))
            if (!filled.Contains(folder.Path))
                yield return _rows.Remark(folder.Path, "No files lie in this folder; nothing of it was used.");
    }

    static string FolderOf(ArchivedFile file) => file.Path[..(file.Path.LastIndexOf('/') + 1)];
}
