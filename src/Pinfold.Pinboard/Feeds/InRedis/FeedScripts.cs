using Pinfold.Pinboard.Redis;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>The scripts that keep feeds.</summary>
sealed class FeedScripts
{
    public FeedScripts(FeedLimits limits)
    {
        var scripts = new RedisScripts(
            "feeds", "feed", ("$max", limits.EntriesMax), ("$min", limits.EntriesMin),
            ("$remembersMs", (long)limits.RemembersRemoved.TotalMilliseconds));
        (Add, Remove) = (scripts.Whole("add"), scripts.Whole("remove"));
        (Source, Leave) = (scripts.Whole("source"), scripts.Whole("leave"));
        (Begin, Put, ReadFeed) = (scripts.Whole("begin"), scripts.Whole("put"), scripts.Whole("read"));
    }

    public string Add { get; }

    public string Remove { get; }

    public string Source { get; }

    public string Leave { get; }

    public string Begin { get; }

    public string Put { get; }

    public string ReadFeed { get; }
}
