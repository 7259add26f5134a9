using System.Globalization;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>The scripts that run in Redis, each a file; what they share stands before each.</summary>
sealed class FeedScripts
{
    readonly FeedLimits _limits;

    public FeedScripts(FeedLimits limits)
    {
        _limits = limits;
        (Add, Remove, Source, Leave) = (Read("add"), Read("remove"), Read("source"), Read("leave"));
        (Begin, Put, ReadFeed) = (Read("begin"), Read("put"), Read("read"));
    }

    public string Add { get; }

    public string Remove { get; }

    public string Source { get; }

    public string Leave { get; }

    public string Begin { get; }

    public string Put { get; }

    public string ReadFeed { get; }

    string Read(string name) => Text("feed")
        .Replace("$max", Number(_limits.EntriesMax), StringComparison.Ordinal)
        .Replace("$min", Number(_limits.EntriesMin), StringComparison.Ordinal)
        .Replace("$remembersMs", Number((long)_limits.RemembersRemoved.TotalMilliseconds), StringComparison.Ordinal)
        + Text(name);

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Text(string name)
    {
        using var stream = typeof(FeedScripts).Assembly.GetManifestResourceStream($"feeds/{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
