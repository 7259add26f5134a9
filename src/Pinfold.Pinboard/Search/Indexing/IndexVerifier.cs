using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Search.Indexing;

/// <summary>
/// Compares an index with the shards, object by object, and has what differs written anew: it says so in the journal,
/// which is followed by whoever writes an index.
/// </summary>
sealed class IndexVerifier(ShardedStore store, TimeProvider time)
{
    const int StatesAtOnce = 2000;
    const int IdsPerTransaction = 200;

    /// <summary>What is written meanwhile takes so long at most to be found; only what differs after that
    /// does.</summary>
    static readonly TimeSpan PatienceStep = TimeSpan.FromMilliseconds(500);

    /// <summary>How often what differs is looked at again before it is said to.</summary>
    public int LooksMax { get; init; } = 20;

    readonly DocumentReader _documents = new(store);

    /// <summary>What of a shard is in the index otherwise than it is in the shard.</summary>
    public async Task<ComparedShard> CompareAsync(
        ISearchTarget target, ShardId shard, CancellationToken cancellation)
    {
        var indexed = await ListAsync(target, shard, cancellation);
        var (objects, suspects) = (0L, new List<ObjectId>());
        foreach (var type in DocumentReader.Types)
            for (ObjectId after = default; ;)
            {
                var (documents, last) = await _documents.ScanAsync(shard, type, after, seq: 0, cancellation);
                if (documents.Count == 0)
                    break;
                after = last;
                foreach (var document in documents)
                {
                    objects += document.IsGone ? 0 : 1;
                    if (!IsAs(document, indexed, out _))
                        suspects.Add(document.Id);
                    indexed.Remove(document.Id);
                }
            }
        suspects.AddRange(indexed.Values.Where(state => !state.IsGone).Select(state => state.Id));
        return new ComparedShard(shard, objects, await ConfirmAsync(target, shard, suspects, cancellation));
    }

    /// <summary>
    /// Has these written anew, by whoever writes this or another index: a transaction of the journal for some hundred.
    /// What may be written here is written at once.
    /// </summary>
    public async Task HealAsync(
        ISearchTarget target, IEnumerable<IndexDifference> differences, CancellationToken cancellation)
    {
        foreach (var ofShard in differences.Select(d => d.Id).GroupBy(id => id.Shard))
            foreach (var part in ofShard.Chunk(IdsPerTransaction))
            {
                var transaction = store.Begin(ofShard.Key);
                foreach (var id in part)
                    transaction.Say(PinEvents.FindAgain, id);
                var commit = await transaction.CommitAsync(cancellation);
                if (target.IsToWrite)
                    await target.WriteAsync(await _documents.ReadAsync(part, commit.Seq, cancellation), cancellation);
            }
    }

    async Task<IReadOnlyList<IndexDifference>> ConfirmAsync(
        ISearchTarget target, ShardId shard, List<ObjectId> suspects, CancellationToken cancellation)
    {
        IReadOnlyList<IndexDifference> differences = [];
        for (var step = 0; suspects.Count > 0 && step < LooksMax; step++)
        {
            if (step > 0)
                await Task.Delay(PatienceStep, time, cancellation);
            var indexed = await ListAsync(target, shard, cancellation);
            var found = new List<IndexDifference>();
            foreach (var part in suspects.Chunk(DocumentReader.ObjectsMax))
                foreach (var document in await _documents.ReadAsync(part, seq: 0, cancellation))
                    if (!IsAs(document, indexed, out var what))
                        found.Add(new IndexDifference(document.Id, what));
            differences = found;
            suspects = found.ConvertAll(d => d.Id);
        }
        return differences;
    }

    static bool IsAs(SearchDocument document, Dictionary<ObjectId, IndexedState> indexed, out string what)
    {
        var there = indexed.TryGetValue(document.Id, out var state) && !state.IsGone;
        what = document.IsGone ? "is found though it is not there" : there ? "is found as it was" : "is not found";
        return there ? !document.IsGone && document.Digest() == state.Digest : document.IsGone;
    }

    static async Task<Dictionary<ObjectId, IndexedState>> ListAsync(
        ISearchTarget target, ShardId shard, CancellationToken cancellation)
    {
        var all = new Dictionary<ObjectId, IndexedState>();
        for (ObjectId after = default; ;)
        {
            var states = await target.ListAsync(shard, after, StatesAtOnce, cancellation);
            foreach (var state in states)
                all[state.Id] = state;
            if (states.Count < StatesAtOnce)
                return all;
            after = states[^1].Id;
        }
    }
}

/// <summary>A shard and what of it is in an index otherwise.</summary>
sealed record ComparedShard(ShardId Shard, long Objects, IReadOnlyList<IndexDifference> Differences);

/// <summary>An object that is in an index otherwise than it is: how, for people.</summary>
readonly record struct IndexDifference(ObjectId Id, string What);
