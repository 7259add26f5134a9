namespace Pinfold.Pinboard.Explore;

/// <summary>Where what may be explored is kept, sorted. All of it can be made again from the shards.</summary>
interface IExploreStore
{
    /// <summary>All of it, the hottest first; null while nobody has read it from the shards yet.</summary>
    Task<IReadOnlyList<ExploreCandidate>?> ReadAsync(CancellationToken cancellation);

    /// <summary>
    /// Puts and takes out. What is too cold is forgotten at once. While it is read from the shards, what comes here is
    /// newer than what is read.
    /// </summary>
    Task ApplyAsync(IReadOnlyCollection<ExploreChange> changes, CancellationToken cancellation);

    /// <summary>
    /// Says that it is to be read from the shards, and by whom: null where that is not needed, or somebody does.
    /// </summary>
    Task<ExploreLease?> BeginAsync(CancellationToken cancellation);

    /// <summary>Puts what was read in the place of what is there. False: it came too late.</summary>
    /// <param name="lease">As it was given.</param>
    /// <param name="candidates">What was read.</param>
    /// <param name="isWhole">Whether all could be read; else it is to be read once more.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<bool> PutAsync(
        ExploreLease lease, IReadOnlyCollection<ExploreCandidate> candidates, bool isWhole,
        CancellationToken cancellation);
}

/// <summary>Somebody reads all of it from the shards.</summary>
/// <param name="Token">Theirs alone.</param>
/// <param name="Run">In which run of the store they began; empty where it has none.</param>
sealed record ExploreLease(Guid Token, string Run);
