using System.Globalization;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// An attribute that names one image in several sizes: <c>a.jpg 320w, b.jpg 2x</c>. An address may hold commas.
/// </summary>
/// <remarks>HTML standard, "parsing a srcset attribute".</remarks>
internal static class SrcSet
{
    const int CandidatesMax = 100;

    /// <summary>The addresses with their numbers (of pixels, or of densities), largest first.</summary>
    public static IEnumerable<(string Source, double Size)> LargestFirst(string? srcset) =>
        Parse(srcset ?? "").Take(CandidatesMax).OrderByDescending(candidate => candidate.Size);

    static IEnumerable<(string Source, double Size)> Parse(string srcset)
    {
        for (var at = 0; ;)
        {
            while (at < srcset.Length && (IsBlank(srcset[at]) || srcset[at] == ','))
                at++;
            if (at == srcset.Length)
                yield break;
            var start = at;
            while (at < srcset.Length && !IsBlank(srcset[at]))
                at++;
            var source = srcset[start..at];
            var descriptors = "";
            if (source.EndsWith(','))
                source = source.TrimEnd(',');
            else
                descriptors = Descriptors(srcset, ref at);
            if (source.Length > 0)
                yield return (source, Size(descriptors));
        }
    }

    static string Descriptors(string srcset, ref int at)
    {
        var (start, depth) = (at, 0);
        for (; at < srcset.Length && (srcset[at] != ',' || depth > 0); at++)
            depth += srcset[at] switch { '(' => 1, ')' => depth > 0 ? -1 : 0, _ => 0 };
        return srcset[start..at];
    }

    static double Size(string descriptors)
    {
        foreach (var descriptor in descriptors.Split((char[]?)null, 8, StringSplitOptions.RemoveEmptyEntries))
        {
            if (descriptor[^1] is 'w' or 'x' && double.TryParse(
                descriptor.AsSpan(..^1), NumberStyles.Float, CultureInfo.InvariantCulture, out var size))
                return size;
        }

        return 1;
    }

    static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r';
}
