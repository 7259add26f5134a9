using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search;

/// <summary>
/// One index as it is written: it keeps the newest of what it is given of each object by the shard's journal number,
/// in whatever order it comes, and knows from where it was filled.
/// </summary>
interface ISearchTarget : IAsyncDisposable
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>False where another process writes it, and this one may only look.</summary>
    bool IsToWrite { get; }

    /// <summary>Writes what is newer than what is there; soon after, it is found.</summary>
    /// <exception cref="PinfoldException">Unavailable: it does not answer now; some may be written.</exception>
    Task WriteAsync(IReadOnlyList<SearchDocument> documents, CancellationToken cancellation);

    /// <summary>
    /// What is there of a shard, by id, tombstones too: at most so many beyond that id.
    /// </summary>
    /// <exception cref="PinfoldException">As <see cref="WriteAsync"/>.</exception>
    Task<IReadOnlyList<IndexedState>> ListAsync(
        ShardId shard, ObjectId after, int limit, CancellationToken cancellation);

    /// <summary>How far it was filled, shard by shard; a shard that is not there was not begun.</summary>
    /// <exception cref="PinfoldException">As <see cref="WriteAsync"/>.</exception>
    Task<IReadOnlyDictionary<ShardId, FillPlace>> PlacesAsync(CancellationToken cancellation);

    /// <summary>Remembers it, not before what was written is on disk.</summary>
    /// <exception cref="PinfoldException">As <see cref="WriteAsync"/>.</exception>
    Task SaveAsync(IReadOnlyDictionary<ShardId, FillPlace> places, CancellationToken cancellation);
}

/// <summary>How far an index was filled from a shard.</summary>
/// <param name="Seq">It has what was written to the shard until then, as far as it was filled.</param>
/// <param name="Next">The object beyond which it is to be filled; none once it is filled.</param>
readonly record struct FillPlace(long Seq, ObjectId Next)
{
    public bool IsFilled => Next.IsNone;
}
