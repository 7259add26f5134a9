using System.Globalization;

namespace Pinfold.Pinboard.Explore.InRedis;

/// <summary>The scripts that run in Redis, each a file; what they share stands before each.</summary>
sealed class ExploreScripts
{
    readonly ExploreLimits _limits;

    public ExploreScripts(ExploreLimits limits)
    {
        _limits = limits;
        (Apply, Begin, Put, Read) = (Whole("apply"), Whole("begin"), Whole("put"), Whole("read"));
    }

    public string Apply { get; }

    public string Begin { get; }

    public string Put { get; }

    public string Read { get; }

    string Whole(string name) => Text("explore")
        .Replace("$max", Number(_limits.CandidatesMax), StringComparison.Ordinal)
        .Replace("$ofAuthor", Number(_limits.OfAuthorMax), StringComparison.Ordinal)
        + Text(name);

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Text(string name)
    {
        using var stream = typeof(ExploreScripts).Assembly.GetManifestResourceStream($"explore/{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
