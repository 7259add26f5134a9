using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>
/// The first folder is the board, deeper ones the section; what lies in no folder goes to the default board.
/// </summary>
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
