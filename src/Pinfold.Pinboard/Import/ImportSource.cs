using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>Opens what a person names: a file of bookmarks, an export, a folder or archive of pictures.</summary>
static class ImportSource
{
    public static IAsyncEnumerable<ImportRow> Bookmarks(
        string path, string defaultBoard, CancellationToken cancellation) =>
        FileAsync(path, defaultBoard, ImportFormat.Bookmarks, cancellation);

    public static IAsyncEnumerable<ImportRow> Pinterest(
        string path, string defaultBoard, CancellationToken cancellation) =>
        FileAsync(path, defaultBoard, [ImportFormat.PinterestExport], cancellation);

    public static IAsyncEnumerable<ImportRow> Images(
        string path, string defaultBoard, CancellationToken cancellation) =>
        Directory.Exists(path)
            ? ImageFolder.ReadAsync(path, defaultBoard, cancellation)
            : FileAsync(path, defaultBoard, [ImportFormat.ImageZip], cancellation);

    /// <summary>A file of any of the formats, told apart by what is in it.</summary>
    public static async IAsyncEnumerable<ImportRow> FileAsync(
        string path, string defaultBoard, IReadOnlyList<ImportFormat> expected,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = Open(path);
        var format = await ImportFormat.DetectAsync(file, expected, cancellation);
        await foreach (var row in format.ReadAsync(file, defaultBoard, cancellation))
            yield return row;
    }

    static FileStream Open(string path)
    {
        try
        {
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 << 10, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PinfoldException(ErrorKind.NotFound, $"There is no file {path}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Invalid, $"{path} cannot be read: {e.Message}", e);
        }
    }
}
