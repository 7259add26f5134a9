using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Archives;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>A zip archive of pictures.</summary>
static class ImageZip
{
    /// <summary>The pictures of the rows can be opened until the enumeration ends, one at a time.</summary>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream source, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var archive = await OpenArchive.OpenAsync(source, cancellation);
        var files = archive.Files.Where(file => !file.IsFolder).ToList();
        var wrapper = Wrapper([.. files.Select(file => file.Path)
            .Where(path => !ImagePath.LeadsOut(path) && ImagePath.HiddenPart(path) is null)]);

        var (boards, rows) = (new ImageBoards(defaultBoard), new RowMaker(ImportLimits.FilesMax));
        var hidden = new HashSet<string>();
        var known = new HashSet<string>();
        foreach (var file in files)
        {
            var isWrapped = file.Path.StartsWith(wrapper, StringComparison.Ordinal);
            var path = isWrapped ? file.Path[wrapper.Length..] : file.Path;
            if (ImagePath.LeadsOut(file.FullName))
                yield return rows.Remark(
                    file.Path, "Its name is no path within the archive (it leads out of it); it was refused.");
            else if (ImagePath.HiddenPart(path) is { } part)
            {
                if (hidden.Add(part))
                    yield return rows.Remark(part, "It is hidden; it was skipped.");
            }
            else if (!known.Add(file.FullName))
                yield return ToImageFile(file, path).Refused(
                    boards, rows, "The archive has a file of this name twice; only the first is read.");
            else if (file.Problem is { } problem)
                yield return ToImageFile(file, path).Refused(boards, rows, problem);
            else
                yield return await ToImageFile(file, path).ToRowAsync(boards, rows, cancellation);
        }
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

    static ImageFile ToImageFile(ArchivedFile file, string path) =>
        new(path, file.Entry.Length, file.WrittenAt, file.OpenAsync);
}
