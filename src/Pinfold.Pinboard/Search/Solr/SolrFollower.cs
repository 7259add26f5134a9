using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>
/// Writes to the index that serves what transactions have changed: read again from their shard, whatever they found. A
/// Solr that does not answer is waited for, and nothing is parked for it.
/// </summary>
sealed class SolrFollower(ISearchEngine engine, ShardedStore store) : IBatchFollower
{
    public const string FollowerName = "search";

    readonly ShardFeeder _feeder = new(store);

    public string Name => FollowerName;

    public string MadeAnewBy => "pinfold search rebuild";

    public FollowerInterests Interests => AffectedObjects.Interests;

    public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
    {
        try
        {
            await using var target = await engine.OpenServingAsync(cancellation);
            foreach (var ofShard in batch.GroupBy(transaction => transaction.Shard))
                await _feeder.WriteAsync(target, [.. ofShard], cancellation);
        }
        catch (PinfoldException e) when (e is { Kind: ErrorKind.Unavailable or ErrorKind.NotFound, Shard: null })
        {
            throw new FollowerWaitsException(e.Message, e);
        }
    }
}
