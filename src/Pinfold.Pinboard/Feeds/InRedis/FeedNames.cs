using System.Globalization;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Feeds.InRedis;

/// <summary>
/// The keys of feeds. What is in braces decides the slot of a cluster: both keys of a feed have the same, and feeds
/// share one of 1,024, so that one script can change many of them.
/// </summary>
/// <param name="prefix">Of the installation, for several may share a Redis.</param>
sealed class FeedNames(string prefix)
{
    public const int Buckets = 1024;

    /// <summary>A hash: the sources that are large, each with whether every feed was told.</summary>
    public RedisKey Large => $"{prefix}:feeds:large";

    /// <summary>The sorted set.</summary>
    public RedisKey Order(FeedKey feed) => Name(feed) + "o";

    /// <summary>The hash.</summary>
    public RedisKey Records(FeedKey feed) => Name(feed) + "r";

    /// <summary>Both.</summary>
    public RedisKey[] Both(FeedKey feed)
    {
        var name = Name(feed);
        return [name + "o", name + "r"];
    }

    /// <summary>Which of the buckets a feed is in; ids next to one another are far apart (Fibonacci hashing).</summary>
    public static int BucketOf(FeedKey feed) =>
        (int)(unchecked((ulong)feed.Owner.Value * 0x9E3779B97F4A7C15) >> 54);

    string Name(FeedKey feed) => string.Create(CultureInfo.InvariantCulture,
        $"{prefix}:{(feed.Kind == FeedKind.Home ? "home" : "recent")}:{{{BucketOf(feed)}}}:{feed.Owner.Value}:");
}
