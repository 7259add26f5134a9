
namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>Gets of some of a caller's keys; each answer goes to its key's place in the caller's array.</summary>
internal sealed class GetBatch(IReadOnlyList<string> keys, CacheRead[] reads, int leaseSeconds) : MetaBatch
{
    readonly int[] _places = new int[keys.Count];
    int _count;

    public override int CommandCount => _count;

    public int Hits { get; private set; }

    public int Pending { get; private set; }

    public void Add(int place) => _places[_count++] = place;

    public override void Write(MetaRequestBuffer buffer, uint opaque)
    {
        for (var i = 0; i < _count; i++)
            buffer.Get(keys[_places[i]], opaque + (uint)i, leaseSeconds);
    }

    protected override void Accept(int index, in MetaResponse response)
    {
        var read = Interpret(in response);
        reads[_places[index]] = read;
        Hits += read.State == CacheState.Hit ? 1 : 0;
        Pending += read.State == CacheState.Pending ? 1 : 0;
    }

    CacheRead Interpret(in MetaResponse response)
    {
        if (response.Status == MetaStatus.Missing)
            return default;
        if (response.Status != MetaStatus.Value)
            throw Unexpected(in response);
        if ((response.Flags & MetaFlags.Won) != 0)
        {
            var lease = new CacheLease(Connection!.Number, response.Cas).Packed;
            return lease == 0 ? default : new CacheRead(CacheState.MissWithLease, default, lease);
        }
        // Pinfold marks nothing as stale; somebody else did, and a value of doubtful age is no hit.
        if ((response.Flags & (MetaFlags.Taken | MetaFlags.Stale)) != 0)
            return new CacheRead(CacheState.Pending, default, 0);
        return (response.Flags & MetaFlags.TooLarge) != 0
            ? default
            : new CacheRead(CacheState.Hit, response.Value, 0);
    }
}
