using Pinfold.Pinboard.Feeds;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Explore;

/// <summary>
/// What there is to explore, read from the shards: the newest pins of everybody, and of these the hottest. Whatever is
/// older than those would need more than ten times as many likes for each half day.
/// </summary>
sealed class ImpliedExplore(ShardedStore store, HotPins pins, ExploreLimits limits)
{
    const int ShardsAtOnce = 100;
    const int PeopleOfAShardAtOnce = 1000;
    const int ListsAtOnce = 500;

    /// <summary>
    /// A round trip for each 100 shards, one for each 500 people, and three for each 300 pins; what a server that does
    /// not answer has is missing, and <c>IsWhole</c> says so.
    /// </summary>
    public async Task<(IReadOnlyList<ExploreCandidate> Candidates, bool IsWhole)> ReadAsync(
        CancellationToken cancellation)
    {
        var newest = new Newest(2 * limits.CandidatesMax);
        var isWhole = true;
        foreach (var server in store.Topology.Servers)
            try
            {
                await ReadAsync(server, newest, cancellation);
            }
            catch (PinfoldException e) when (e.IsTransient)
            {
                isWhole = false;
            }
        var (candidates, failure) = await pins.FindAsync(newest.Pins, cancellation);
        return (
            [.. limits.Keep(candidates.OrderBy(candidate => candidate.Position))], isWhole && failure is null);
    }

    async Task ReadAsync(ServerSpec server, Newest newest, CancellationToken cancellation)
    {
        foreach (var shards in store.Topology.ShardsOn(server.Name).Chunk(ShardsAtOnce))
            for (var due = shards.Select(shard => (Shard: shard, After: default(ObjectId<User>))).ToList();
                due.Count > 0;)
            {
                var read = store.Read();
                var people = due.ConvertAll(d => (d.Shard, Found: read.Scan(
                    d.Shard, d.After, due.Count == 1 ? PeopleOfAShardAtOnce : PeopleOfAShardAtOnce / 10)));
                await read.ExecuteAsync(cancellation);
                foreach (var part in people.SelectMany(p => p.Found.Value).Chunk(ListsAtOnce))
                    await ReadAsync(part, newest, cancellation);
                due = [.. people.Where(p => p.Found.Value.Count > 0).Select(p => (p.Shard, p.Found.Value[^1].Id))];
            }
    }

    async Task ReadAsync(Stored<User>[] people, Newest newest, CancellationToken cancellation)
    {
        var read = store.Read();
        var request = new PageRequest(limits.OfAuthorMax) { SequenceMin = newest.Since };
        var lists = Array.ConvertAll(people, person => read.Page(UserHasPublicPins, person.Id, request));
        await read.ExecuteAsync(cancellation);
        foreach (var entry in lists.SelectMany(list => list.Value.Items))
            newest.Add(entry);
    }

    /// <summary>So many of all, the newest.</summary>
    sealed class Newest(int most)
    {
        readonly PriorityQueue<ObjectId<Pin>, FeedPosition> _oldestFirst =
            new(Comparer<FeedPosition>.Create((one, other) => other.CompareTo(one)));

        public IReadOnlyList<ObjectId<Pin>> Pins => [.. _oldestFirst.UnorderedItems.Select(item => item.Element)];

        /// <summary>What is older is not asked for any more.</summary>
        public long? Since { get; private set; }

        public void Add(Entry<Pin> entry)
        {
            _oldestFirst.Enqueue(entry.To, new FeedPosition(entry.Sequence, entry.To));
            if (_oldestFirst.Count <= most)
                return;
            _oldestFirst.Dequeue();
            if (_oldestFirst.TryPeek(out _, out var oldest))
                Since = oldest.Sequence;
        }
    }
}
