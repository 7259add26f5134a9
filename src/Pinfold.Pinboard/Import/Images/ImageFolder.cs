using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>A folder of pictures, with everything below it, in the ordinal order of the paths.</summary>
static class ImageFolder
{
    public static IAsyncEnumerable<ImportRow> ReadAsync(
        string folder, string defaultBoard, CancellationToken cancellation) =>
        ReadAsync(folder, defaultBoard, FrozenSet<string>.Empty, cancellation);

    /// <param name="folder">Where they lie.</param>
    /// <param name="defaultBoard">For what lies in it directly.</param>
    /// <param name="others">Files, by their whole paths, that somebody else reads.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        string folder, string defaultBoard, IReadOnlySet<string> others,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
            throw new PinfoldException(ErrorKind.NotFound, File.Exists(folder)
                ? $"“{folder}” is a file; give a folder of images, or a zip archive of one."
                : $"There is no folder “{folder}”.");
        var (boards, rows) = (new ImageBoards(defaultBoard), new RowMaker(ImportLimits.FilesMax));
        var waiting = new Stack<FileSystemInfo>();
        var problem = Push(waiting, root);
        if (problem is not null)
            throw new PinfoldException(ErrorKind.Forbidden, $"The folder “{folder}” cannot be read: {problem}");
        while (waiting.TryPop(out var next))
        {
            cancellation.ThrowIfCancellationRequested();
            if (others.Contains(next.FullName))
                continue;
            var path = Text.Composed(
                Path.GetRelativePath(root.FullName, next.FullName).Replace(Path.DirectorySeparatorChar, '/'));
            if (ImagePath.IsHidden(next.Name))
                yield return rows.Remark(path, "It is hidden; it was skipped.");
            // Not followed at all: a link may lead out of the folder, or in circles.
            else if (next.LinkTarget is not null)
                yield return rows.Remark(path, "It is a symbolic link; only what lies in the folder itself is read.");
            else if (next is FileInfo file)
                yield return await ToImageFile(file, path).ToRowAsync(boards, rows, cancellation);
            else if (Depth(path) > ImportLimits.FolderDepthMax)
                yield return rows.Remark(
                    path, $"It lies deeper than {ImportLimits.FolderDepthMax} folders; it was skipped.");
            else if (Push(waiting, (DirectoryInfo)next) is { } unreadable)
                yield return rows.Remark(path, $"It cannot be read: {unreadable}");
        }
    }

    /// <summary>The first of the folder's entries on top; what went wrong, or null.</summary>
    static string? Push(Stack<FileSystemInfo> waiting, DirectoryInfo folder)
    {
        try
        {
            var entries = folder.EnumerateFileSystemInfos().Take(ImportLimits.FilesMax + 1).ToList();
            if (entries.Count > ImportLimits.FilesMax)
                return $"It holds more than {ImportLimits.FilesMax:N0} files.";
            foreach (var entry in entries.OrderByDescending(SortKey, StringComparer.Ordinal))
                waiting.Push(entry);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>With its slash a folder comes where its files' paths come, as in a sorted archive.</summary>
    static string SortKey(FileSystemInfo entry) =>
        Text.Composed(entry is DirectoryInfo ? entry.Name + "/" : entry.Name);

    static int Depth(string path) => path.AsSpan().Count('/') + 1;

    static ImageFile ToImageFile(FileInfo file, string path) => new(
        path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
        _ => Task.FromResult<Stream>(new FileStream(
            file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024,
            FileOptions.Asynchronous | FileOptions.SequentialScan)));
}
