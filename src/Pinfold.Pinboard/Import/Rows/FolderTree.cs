namespace Pinfold.Pinboard.Import.Rows;

/// <summary>
/// The folders that are open while a source is read: a folder becomes a board, its sub-folder a section, deeper ones
/// a section <c>A / B</c>. Browsers' own top folders (toolbar, other bookmarks) are wrappers: what lies in them
/// directly goes to a board of that name, but their folders become boards.
/// </summary>
sealed class FolderTree
{
    readonly Stack<Place> _open = new();
    int _tooDeep;

    public FolderTree(string defaultBoard) => _open.Push(new Place(defaultBoard, null, "", IsWrapper: true, null));

    public Place Current => _open.Peek();

    /// <summary>Whether a folder, or a list without a name, was opened and not closed.</summary>
    public bool IsInside => _open.Count > 1;

    /// <summary>The place that a folder of that name within the current one is; it is not opened.</summary>
    public Place Child(string? rawName, bool isWrapper)
    {
        var name = Text.OneLine(rawName);
        if (name.Length == 0)
            name = "Untitled";
        var parent = Current;
        var key = parent.Keys.Next("folder", parent.Key, name);
        if (parent.IsWrapper)
            return new Place(
                Text.Cut(name, ImportLimits.BoardNameLengthMax), null, key, isWrapper,
                ShortenedNote("board", name, ImportLimits.BoardNameLengthMax));
        var section = parent.Section is null ? name : $"{parent.Section} / {name}";
        return new Place(
            parent.Board, Text.Cut(section, ImportLimits.SectionNameLengthMax), key, IsWrapper: false,
            ShortenedNote("section", section, ImportLimits.SectionNameLengthMax) ?? parent.Note);
    }

    /// <summary>Opens a folder, or again the current one for a list that has no folder of its own.</summary>
    public void Open(Place? place)
    {
        if (_open.Count > ImportLimits.FolderDepthMax)
            _tooDeep++;
        else
            _open.Push(place ?? Current);
    }

    public void Close()
    {
        if (_tooDeep > 0)
            _tooDeep--;
        else if (_open.Count > 1)
            _open.Pop();
    }

    static string? ShortenedNote(string what, string name, int lengthMax) => name.Length <= lengthMax
        ? null
        : $"The {what}'s name was shortened from {name.Length} to {lengthMax} characters.";
}
