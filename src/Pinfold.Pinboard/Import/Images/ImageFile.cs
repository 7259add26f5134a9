using System.Security.Cryptography;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>A file of a folder or archive that may be a picture.</summary>
/// <param name="Path">Relative, with <c>/</c>; what places it on a board.</param>
/// <param name="Open">From its beginning.</param>
sealed record ImageFile(
    string Path, long LengthBytes, DateTimeOffset? WrittenAt, Func<CancellationToken, Task<Stream>> Open)
{
    string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    bool IsCalledImage => ImagePath.IsCalledImage(Path);

    /// <summary>
    /// Its row. The key is its path, its length and the hash of its first 64 KiB: a path alone would take two cameras'
    /// <c>DCIM/100/IMG_0001.jpg</c> for one picture.
    /// </summary>
    public async Task<ImportRow> ToRowAsync(ImageBoards boards, RowMaker rows, CancellationToken cancellation)
    {
        if (LengthBytes == 0)
            return Refused(boards, rows, "It is empty.");
        if (LengthBytes > ImportLimits.PictureBytesMax)
            return Refused(boards, rows,
                $"It has {LengthBytes >> 20:N0} MB; a picture has at most {ImportLimits.PictureBytesMax >> 20} MB.");
        SourceHead head;
        try
        {
            await using var stream = await Open(cancellation);
            head = await SourceHead.ReadNextAsync(stream, cancellation);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return Refused(boards, rows, $"It cannot be read: {e.Message}");
        }
        catch (PinfoldException e)
        {
            return Refused(boards, rows, e.Message);
        }
        if (!IsCalledImage && !head.IsImage)
        {
            var what = head.Binary is { } binary ? $" but {binary}" : "";
            return Refused(boards, rows, $"It is not an image{what}; it was skipped.");
        }
        return Row(boards, rows, Convert.ToHexStringLower(SHA256.HashData(head.Bytes.Span)), null);
    }

    /// <summary>As <see cref="ToRowAsync"/> for a file that must not even be opened.</summary>
    public ImportRow Refused(ImageBoards boards, RowMaker rows, string problem) =>
        IsCalledImage ? Row(boards, rows, "", problem) : rows.Remark(Path, problem);

    ImportRow Row(ImageBoards boards, RowMaker rows, string headHash, string? problem)
    {
        var place = boards.PlaceOf(Path);
        // What is not imported is called by its path, so that it can be found.
        var title = problem is null ? TitleOf(FileName) : Path;
        var entry = new RawEntry { Title = title, Time = new SourceTime(WrittenAt) };
        var key = boards.Keys.Next("picture", Path, $"{LengthBytes}", headHash);
        var row = rows.Pin(key, place, entry, problem, note: null);
        return row with { Picture = problem is null ? new FilePicture(Path, LengthBytes, Open) : null };
    }

    /// <summary>A file name as a title: <c>akaka-falls_state-park.webp</c> becomes "Akaka falls state park".</summary>
    internal static string TitleOf(string fileName)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(fileName);
        var words = Text.OneLine(name.Replace('_', ' ').Replace('-', ' '));
        if (words.Length == 0)
            return fileName;
        return words.Any(char.IsUpper) ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
