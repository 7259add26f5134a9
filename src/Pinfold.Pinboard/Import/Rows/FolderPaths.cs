namespace Pinfold.Pinboard.Import.Rows;

/// <summary>The places of a source that names with each entry the folders that it lies in.</summary>
sealed class FolderPaths
{
    readonly FolderTree _folders;
    readonly Dictionary<(Place Parent, string Name), Place> _places = [];

    public FolderPaths(string defaultBoard) => _folders = new FolderTree(defaultBoard);

    /// <summary>
    /// The place of what lies in no folder, that of the path, and those on the way to it that were not asked for
    /// before.
    /// </summary>
    public (Place Home, Place Place, IReadOnlyList<Place> Made) Get(IReadOnlyList<string> path)
    {
        var home = _folders.Current;
        var made = new List<Place>();
        foreach (var name in path.Select(Text.OneLine).Where(name => name.Length > 0))
        {
            var parent = _folders.Current;
            if (!_places.TryGetValue((parent, name), out var place))
            {
                place = _places[(parent, name)] = _folders.Child(name, isWrapper: false);
                made.Add(place);
            }
            _folders.Open(place);
        }
        var found = _folders.Current;
        while (_folders.IsInside)
            _folders.Close();
        return (home, found, made);
    }
}
