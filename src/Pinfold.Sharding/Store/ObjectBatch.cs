using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Store;

/// <summary>
/// Objects of several types that are found together, by the cache: one round trip to each cache server concerned, and
/// for what is not there one to each server. Each method returns a place where the answer will be after
/// <see cref="ExecuteAsync"/>.
/// </summary>
/// <remarks>As <see cref="ShardedStore.FindManyAsync"/>, which is for many of one type.</remarks>
public sealed class ObjectBatch
{
    readonly ShardedStore _store;
    readonly Dictionary<ObjectId, object> _answers = [];
    readonly List<Wanted> _wanted = [];

    internal ObjectBatch(ShardedStore store) => _store = store;

    readonly record struct Wanted(ObjectType Type, ObjectId Id, Action<ReadOnlyMemory<byte>> Give);

    /// <summary>An object, null if missing; asked for twice, it is read once.</summary>
    /// <exception cref="PinfoldException">Invalid: its type is not cached; read it with <see cref="ReadBatch"/>.
    /// </exception>
    public Answer<Stored<T>?> Find<T>(ObjectId<T> id) where T : class
    {
        var type = _store.Model.TypeOf<T>();
        if (!type.IsCached)
            throw PinfoldException.Invalid($"{type.Name} are not cached: read them with Read().");
        if (_answers.TryGetValue(id, out var known))
            return (Answer<Stored<T>?>)known;
        var answer = new Answer<Stored<T>?>();
        _answers.Add(id, answer);
        _wanted.Add(new Wanted(type, id, packed => answer.Set(ObjectCache.Unpack(type, id, packed.Span))));
        return answer;
    }

    /// <summary>Asks, and fills in every answer.</summary>
    /// <exception cref="PinfoldException">Some shard did not answer; it is named, and there is no answer at all.
    /// LimitExceeded: too many were asked for.</exception>
    public async Task ExecuteAsync(CancellationToken cancellation = default)
    {
        var packed = await _store.ReadPackedAsync(
            _wanted.ConvertAll(wanted => wanted.Id), (places, token) => ReadAsync(places, token), cancellation);
        for (var i = 0; i < packed.Length; i++)
            _wanted[i].Give(packed[i]);
    }

    async Task<byte[]?[]> ReadAsync(IReadOnlyList<int> places, CancellationToken cancellation)
    {
        var groups = places.Index().GroupBy(place => (_wanted[place.Item].Id.Shard, _wanted[place.Item].Type))
            .Select(group => (group.Key.Shard, group.Key.Type, Places: group.ToArray())).ToArray();
        var reads = Array.ConvertAll(groups, group => new ObjectsRead(
            group.Shard, group.Type, [.. group.Places.Select(place => _wanted[place.Item].Id.Local)]));
        await _store.Router.ReadAsync(reads, cancellation);
        var packed = new byte[]?[places.Count];
        for (var i = 0; i < groups.Length; i++)
            for (var j = 0; j < groups[i].Places.Length; j++)
                packed[groups[i].Places[j].Index] = reads[i].Rows[j] is { } row ? ObjectCache.Pack(row) : null;
        return packed;
    }
}
