namespace Pinfold.Sharding.Topology.Reading;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
static class NearestName
{
    const int NamesShownMax = 12;

    /// <summary>Ends a sentence: "; did you mean …?" when one is near, else what there is, with a full stop.</summary>
    public static string Suggest(string wrong, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return ".";
        var nearest = names.MinBy(name => Distance(wrong, name))!;
        if (Distance(wrong, nearest) <= Math.Max(1, Math.Min(wrong.Length, nearest.Length) / 3))
            return $"; did you mean \"{nearest}\"?";
        var more = names.Count > NamesShownMax ? $" and {names.Count - NamesShownMax} more" : "";
        return $"; there is {string.Join(", ", names.Take(NamesShownMax))}{more}.";
    }

    /// <summary>Levenshtein's, without regard to case; both are cut, so a long value costs little.</summary>
    static int Distance(string left, string right)
    {
        const int charsMax = 64;
        left = left[..Math.Min(left.Length, charsMax)].ToUpperInvariant();
        right = right[..Math.Min(right.Length, charsMax)].ToUpperInvariant();
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitute = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
