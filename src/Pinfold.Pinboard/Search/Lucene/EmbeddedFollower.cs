using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// Wakes <see cref="EmbeddedKeeper"/>: the index is this process's own, and knows itself how far it is, so that it and
/// its place in the journal are never of two minds.
/// </summary>
sealed class EmbeddedFollower(EmbeddedKeeper keeper) : IProcessFollower
{
    public string Name => "search-index";

    public FollowerInterests Interests => AffectedObjects.Interests;

    public ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation) => Wake();

    public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation) => Wake();

    ValueTask Wake()
    {
        keeper.Wake();
        return ValueTask.CompletedTask;
    }
}
