namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>Sets under a lease, and leases given back. A lost lease is no error: the value is dropped.</summary>
internal sealed class FillBatch : MetaBatch
{
    readonly List<(CacheFill Fill, int Seconds)> _fills = [];

    public override int CommandCount => _fills.Count;

    /// <summary>Zero <paramref name="timeToLiveSeconds"/> gives the lease back.</summary>
    public void Add(in CacheFill fill, int timeToLiveSeconds) => _fills.Add((fill, timeToLiveSeconds));

    public override void Write(MetaRequestBuffer buffer, uint opaque)
    {
        foreach (var (fill, seconds) in _fills)
        {
            var cas = CacheLease.Unpack(fill.Lease).Cas;
            if (seconds == 0)
                buffer.Delete(fill.Key, opaque, cas);
            else
                buffer.Set(fill.Key, opaque, fill.Value.Span, seconds, cas);
            opaque++;
        }
    }

    protected override void Accept(int index, in MetaResponse response)
    {
        if (response.Status
            is not (MetaStatus.Done or MetaStatus.NotStored or MetaStatus.CasDiffers or MetaStatus.NotFound))
            throw Unexpected(in response);
    }
}
