using System.Text.Json.Serialization;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.People;

/// <summary>
/// What was pinned lately for everybody to see, by a part of all people: enough to show a visitor what is here. Which
/// pins these are is kept for a minute; whether they may be seen is asked each time.
/// </summary>
sealed class RecentPins(ShardedStore store, PeopleReader people)
{
    const string Key = "v1:recent-pins";

    /// <summary>So many people are looked at; where there are more, others each time.</summary>
    const int PeopleMax = 200;

    /// <summary>So many are found, a part of which may have gone when they are shown.</summary>
    const int PinsMax = 60;

    /// <summary>Of one person; nobody fills the page where others are.</summary>
    const int OfOnePersonMax = 6;

    static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);

    /// <summary>Pins with a picture, newest first. Warm, three round trips to the cache.</summary>
    public async Task<IReadOnlyList<ListedPin>> ListAsync(int limit, CancellationToken cancellation)
    {
        var kept = await store.CachedAsync(
            Key, TimeToLive, RecentPinsJson.Default.RecentPinIds, ReadAsync, cancellation);
        var pins = (await store.FindManyAsync(kept?.Pins ?? [], cancellation)).OfType<Stored<Pin>>().ToList();
        var boards = (await store.FindManyAsync([.. pins.Select(p => p.Body.Board).Distinct()], cancellation))
            .OfType<Stored<Board>>().ToDictionary(b => b.Id, b => b.Body);
        return
        [
            .. pins.Where(p => p.Body.Picture is { State: PictureState.Ready }
                    && Visibility.CanSee(Viewer.Anybody, p.Body, boards.GetValueOrDefault(p.Body.Board)))
                .Take(limit).Select(p => new ListedPin(p.Id, p.Body)),
        ];
    }

    async Task<RecentPinIds?> ReadAsync(CancellationToken cancellation)
    {
        var read = store.Read();
        var some = await SomePeopleAsync(cancellation);
        var ofOne = new PageRequest(Math.Max(OfOnePersonMax, PinsMax / Math.Max(1, some.Count)));
        var lists = some.ConvertAll(person => read.Page(UserHasPublicPins, person, ofOne));
        if (lists.Count > 0)
            await read.ExecuteAsync(cancellation);
        return new RecentPinIds([
            .. lists.SelectMany(list => list.Value.Items).OrderByDescending(e => e.Sequence).Take(PinsMax)
                .Select(e => e.To),
        ]);
    }

    /// <summary>From some shard on, and round to it.</summary>
    async Task<List<ObjectId<User>>> SomePeopleAsync(CancellationToken cancellation)
    {
        var begin = new ShardId(Random.Shared.Next(store.Topology.ShardCount));
        var found = await TakeAsync(User.Type.Id(new ObjectId(begin, User.Type.Number, 1)), PeopleMax);
        return found.Count == PeopleMax ? found
            : [.. found.Union(await TakeAsync(default, PeopleMax - found.Count))];

        async Task<List<ObjectId<User>>> TakeAsync(ObjectId<User> after, int limit)
        {
            var taken = new List<ObjectId<User>>();
            await foreach (var some in people.UsersAsync(after, limit, cancellation))
                taken.AddRange(some.Select(person => person.Id));
            return taken;
        }
    }
}

/// <summary>As it lies in the cache.</summary>
sealed record RecentPinIds(IReadOnlyList<ObjectId<Pin>> Pins);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecentPinIds))]
sealed partial class RecentPinsJson : JsonSerializerContext;
