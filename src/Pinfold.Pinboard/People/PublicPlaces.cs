using System.Runtime.CompilerServices;
using Pinfold.Pinboard.Boards;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.People;

/// <summary>The profiles and boards that everybody may see, part by part: what a search engine is to find.</summary>
sealed class PublicPlaces(ShardedStore store)
{
    /// <summary>A part is that of so many shards.</summary>
    public const int ShardsOfAPart = 16;

    const int PeopleAtOnce = 200;

    /// <summary>How many parts there are.</summary>
    public int Parts => (store.Topology.ShardCount + ShardsOfAPart - 1) / ShardsOfAPart;

    /// <summary>
    /// People of a part, counted from 0, who have pinned something that everybody may see; read as they are consumed. A
    /// round trip to a shard for each 200 of its people, and one for what these have.
    /// </summary>
    public async IAsyncEnumerable<PublicPlace> ListAsync(
        int part, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = part * ShardsOfAPart;
        for (var shard = first; shard < Math.Min(first + ShardsOfAPart, store.Topology.ShardCount); shard++)
            for (ObjectId<User>? last = default(ObjectId<User>); last is { } after;)
            {
                var read = store.Read();
                var people = read.Scan(new ShardId(shard), after, PeopleAtOnce);
                await read.ExecuteAsync(cancellation);
                foreach (var place in await ReadAsync(people.Value, cancellation))
                    yield return place;
                last = people.Value.Count == PeopleAtOnce ? people.Value[^1].Id : null;
            }
    }

    async Task<IReadOnlyList<PublicPlace>> ReadAsync(
        IReadOnlyList<Stored<User>> people, CancellationToken cancellation)
    {
        if (people.Count == 0)
            return [];
        var read = store.Read();
        var lists = people.Select(person => (
            Person: person.Body,
            Boards: read.Page(UserHasPublicBoards, person.Id, new PageRequest(Board.OfOnePersonMax)),
            Pins: read.Count(UserHasPublicPins, person.Id))).ToList();
        await read.ExecuteAsync(cancellation);
        return
        [
            .. lists.Where(list => list.Pins.Value > 0).Select(list => new PublicPlace(
                list.Person.Username, [.. list.Boards.Value.Items.Select(BoardService.SlugOf)])),
        ];
    }
}

/// <summary>A person, and the addresses of their public boards.</summary>
sealed record PublicPlace(string Username, IReadOnlyList<string> Slugs);
