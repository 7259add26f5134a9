using Pinfold.Pinboard.Redis;

namespace Pinfold.Pinboard.Explore.InRedis;

/// <summary>The scripts that keep what there is to explore.</summary>
sealed class ExploreScripts
{
    public ExploreScripts(ExploreLimits limits)
    {
        var scripts = new RedisScripts(
            "explore", "explore", ("$max", limits.CandidatesMax), ("$ofAuthor", limits.OfAuthorMax));
        (Apply, Begin) = (scripts.Whole("apply"), scripts.Whole("begin"));
        (Put, Read) = (scripts.Whole("put"), scripts.Whole("read"));
    }

    public string Apply { get; }

    public string Begin { get; }

    public string Put { get; }

    public string Read { get; }
}
