namespace Pinfold.Pinboard.Import.BookmarkTrees;

/// <summary>A folder, a bookmark or something else in a browser's tree.</summary>
/// <param name="Ordinal">Counts the nodes from 0 in the order in which they begin.</param>
/// <param name="Depth">How many nodes hold it; 0 for those at the top.</param>
sealed record BookmarkNode(int Ordinal, int Depth)
{
    readonly Dictionary<string, string> _values = [];

    /// <summary>What it says under that name, of those that were asked for; null if it does not.</summary>
    public string? this[string property]
    {
        get => _values.GetValueOrDefault(property);
        set
        {
            if (value is not null)
                _values[property] = value;
        }
    }
}
