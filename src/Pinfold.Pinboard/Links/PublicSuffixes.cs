using System.Text;

namespace Pinfold.Pinboard.Links;

/// <summary>
/// Under which names one can register a name of one's own: of "news.shop.co.uk" the suffix is "co.uk", two parts long.
/// </summary>
/// <remarks>
/// The Public Suffix List, under the Mozilla Public License 2.0 (<c>PublicSuffixes.LICENSE.txt</c>). It is part of the
/// program and nobody is asked for it; an old one shows a name one part shorter or longer.
/// </remarks>
static class PublicSuffixes
{
    /// <summary>No rule is longer.</summary>
    const int LabelsMax = 8;

    static readonly Lazy<HashSet<string>> Rules = new(Read);

    /// <summary>Of how many labels the suffix of a name is.</summary>
    /// <param name="labels">Of the name in ASCII and lower case, the last first.</param>
    public static int LengthOf(IReadOnlyList<string> labels)
    {
        var (longest, rule) = (1, "");
        for (var i = 0; i < Math.Min(labels.Count, LabelsMax); i++)
        {
            var before = i == 0 ? "" : rule + " ";
            if (Rules.Value.Contains($"{before}!{labels[i]}"))
                return i;
            rule = before + labels[i];
            if (Rules.Value.Contains(rule) || Rules.Value.Contains($"{before}*"))
                longest = i + 1;
        }
        return longest;
    }

    static HashSet<string> Read()
    {
        using var list = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("public-suffixes")!;
        using var lines = new StreamReader(list, Encoding.UTF8);
        var rules = new HashSet<string>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
            if (!line.StartsWith('#'))
                rules.Add(line);
        return rules;
    }
}
