using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search;

/// <summary>
/// Where indexes are: the one that serves, and perhaps another that is made to serve after it.
/// </summary>
interface ISearchEngine
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>
    /// Whether who writes the one that serves goes on from its places; else from cursors of their own, so that what
    /// they wrote to the one before is to be written to the next by whoever swaps them.
    /// </summary>
    bool GoesOnFromPlaces { get; }

    /// <summary>The one that serves, whichever that is at the moment.</summary>
    ISearchIndex Index { get; }

    /// <summary>The one that serves, to be written or looked through; made, empty, if there is none.</summary>
    /// <exception cref="PinfoldException">
    /// Unavailable: it does not answer now. Conflict: another process of this machine writes it.
    /// </exception>
    Task<ISearchTarget> OpenServingAsync(CancellationToken cancellation);

    /// <summary>The one that is to serve next: that which was begun, or a new one.</summary>
    /// <exception cref="PinfoldException">As <see cref="OpenServingAsync"/>.</exception>
    Task<ISearchTarget> OpenNextAsync(CancellationToken cancellation);

    /// <summary>
    /// Has it serve. Whoever writes to the one that serves writes to it from now on, or from what they see next; the
    /// one before goes once nobody needs it.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="OpenServingAsync"/>.</exception>
    Task SwapAsync(ISearchTarget next, CancellationToken cancellation);

    /// <summary>The indexes there are.</summary>
    /// <exception cref="PinfoldException">Unavailable: it does not answer now.</exception>
    Task<IReadOnlyList<SearchIndexStatus>> StatusAsync(CancellationToken cancellation);
}

/// <summary>An index as it is.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Serves">Whether it is the one that is asked.</param>
/// <param name="Documents">How much is found in it.</param>
/// <param name="Places">How far it was filled.</param>
sealed record SearchIndexStatus(
    string Name, bool Serves, long Documents, IReadOnlyDictionary<ShardId, FillPlace> Places);
