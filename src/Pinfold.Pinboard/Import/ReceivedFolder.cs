using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Several files, or a folder, that were handed in at once: exports are read as what they are, the rest as pictures.
/// </summary>
static class ReceivedFolder
{
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        string folder, string defaultBoard, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = new JoinedRows();
        var exports = new HashSet<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            if (await FormatOfAsync(path, cancellation) is not { } format)
                continue;
            exports.Add(path);
            var file = ImportSource.FileAsync(path, format.BoardFor(path, defaultBoard), [format], cancellation);
            await foreach (var row in rows.AddAsync(Path.GetFileName(path), file))
                yield return row;
        }
        var pictures = ImageFolder.ReadAsync(Inner(folder), defaultBoard, exports, cancellation);
        await foreach (var row in rows.AddAsync("The pictures", pictures))
            yield return row;
    }

    static async Task<ImportFormat?> FormatOfAsync(string path, CancellationToken cancellation)
    {
        if (ImagePath.IsCalledImage(path) || ImagePath.IsHidden(Path.GetFileName(path)))
            return null;
        try
        {
            await using var file = File.OpenRead(path);
            return await ImportFormat.DetectAsync(file, ImportFormat.All, cancellation);
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded)
        {
            return null;
        }
    }

    /// <summary>A folder that holds only folders is not a board itself; they are.</summary>
    static string Inner(string folder) =>
        Directory.GetFileSystemEntries(folder) is [var only] && Directory.Exists(only)
        && Directory.EnumerateDirectories(only).Any() && !Directory.EnumerateFiles(only).Any(ImagePath.IsCalledImage)
            ? only
            : folder;
}
