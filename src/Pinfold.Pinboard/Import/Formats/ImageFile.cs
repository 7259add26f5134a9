using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import.Formats;

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return Refused(boards, rows, $"It cannot be read: {e.Message}");
        }
        catch (PinfoldException e)
        {
            return Refused(boards, rows, e.Message);
        }
        if (!IsCalledImage && !head.IsImage)
            return Refused(boards, rows, $"It is not an image{(head.Binary is { } what ? $" but {what}" : "")}; it was skipped.");
        return Row(boards, rows, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(head.Bytes.Span)), null);
    }

    /// <summary>As <see cref="ToRowAsync"/> for a file that must not even be opened.</summary>
    public ImportRow Refused(ImageBoards boards, RowMaker rows, string problem) =>
        IsCalledImage ? Row(boards, rows, "", problem) : rows.Remark(Path, problem);

    ImportRow Row(ImageBoards boards, RowMaker rows, string headHash, string? problem)
    {
        var place = boards.PlaceOf(Path);
        var entry = new RawEntry { Title = TitleOf(FileName), AddedAt = WrittenAt };
        var key = boards.Keys.Next("picture", Path, $"{LengthBytes}", headHash);
        var row = rows.Pin(key, place, entry, problem, note: null);
        return row with { Picture = problem is null ? new FilePicture(Path, LengthBytes, Open) : null };
    }

    /// <summary>A file name as a title: <c>akaka-falls_state-park.webp</c> becomes "Akaka falls state park".</summary>
    internal static string TitleOf(string fileName)
    {
        var words = Text.OneLine(System.IO.Path.GetFileNameWithoutExtension(fileName).Replace('_', ' ').Replace('-', ' '));
        if (words.Length == 0)
            return fileName;
        return words.Any(char.IsUpper) ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}

/// <summary>The first folder is the board, deeper ones the section; what lies in no folder goes to the default board.</summary>
sealed class ImageBoards(string defaultBoard)
{
    readonly FolderTree _folders = new(defaultBoard);
    string[] _open = [];

    public SourceKeys Keys { get; } = new();

    /// <summary>Files must come in ordinal order of their paths, so that each folder is opened once.</summary>
    public Place PlaceOf(string path)
    {
        var folders = path.Split('/')[..^1];
        var shared = folders.Zip(_open).TakeWhile(pair => pair.First == pair.Second).Count();
        for (var i = shared; i < _open.Length; i++)
            _folders.Close();
        foreach (var name in folders[shared..])
            _folders.Open(_folders.Child(name, isWrapper: false));
        _open = folders;
        return _folders.Current;
    }
}
