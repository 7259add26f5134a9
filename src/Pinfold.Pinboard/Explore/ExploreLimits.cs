namespace Pinfold.Pinboard.Explore;

/// <summary>How much is kept to be explored.</summary>
sealed record ExploreLimits
{
    public static readonly ExploreLimits Default = new();

    /// <summary>How many pins, the hottest.</summary>
    public int CandidatesMax { get; init; } = 2000;

    /// <summary>Of one person: an import of thousands leaves room for others.</summary>
    public int OfAuthorMax { get; init; } = 100;

    /// <summary>How long whoever reads all of it from the shards has for that.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Those of a list that are kept: sorted, not too many, not too many of one.</summary>
    public IEnumerable<ExploreCandidate> Keep(IEnumerable<ExploreCandidate> sorted)
    {
        var ofAuthor = new Dictionary<long, int>();
        return sorted.Where(candidate =>
        {
            var count = ofAuthor.GetValueOrDefault(candidate.Author.Value) + 1;
            ofAuthor[candidate.Author.Value] = count;
            return count <= OfAuthorMax;
        }).Take(CandidatesMax);
    }
}
