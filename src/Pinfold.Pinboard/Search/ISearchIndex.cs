using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search;

/// <summary>
/// What is asked for what is found. It answers with ids alone: what is shown is read from the shards, where it is
/// decided who may see it.
/// </summary>
interface ISearchIndex
{
    /// <exception cref="PinfoldException">Unavailable: it does not answer now.</exception>
    Task<SearchHits> FindAsync(SearchRequest request, CancellationToken cancellation);

    /// <exception cref="PinfoldException">As <see cref="FindAsync"/>.</exception>
    Task<IReadOnlyList<ObjectId>> FindRelatedAsync(RelatedRequest request, CancellationToken cancellation);

    /// <summary>
    /// Tags that begin so, most used first: everybody's, or with <paramref name="owner"/> one's own, secret ones too.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="FindAsync"/>.</exception>
    Task<IReadOnlyList<TagCount>> FindTagsAsync(
        string beginning, ObjectId<User> owner, int limit, CancellationToken cancellation);

    /// <summary>How much of the shards is in it.</summary>
    /// <exception cref="PinfoldException">As <see cref="FindAsync"/>.</exception>
    ValueTask<SearchProgress> ProgressAsync(CancellationToken cancellation);
}

/// <summary>How many of the shards an index has been filled from.</summary>
readonly record struct SearchProgress(int Filled, int Shards)
{
    public bool IsComplete => Filled >= Shards;
}
