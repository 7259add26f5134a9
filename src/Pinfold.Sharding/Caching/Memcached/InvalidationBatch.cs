namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>
/// Deletes, or a flush of everything. A plain delete, not a mark as stale (<c>md I</c>): a deleted placeholder has no
/// CAS that a late fill could match, and the next reader's lease lasts as long as every lease. A stale mark would keep
/// the old bytes travelling, and its lease would last as long as the old value had to live.
/// </summary>
internal sealed class InvalidationBatch(IReadOnlyList<string> keys) : MetaBatch
{
    bool IsFlush => keys.Count == 0;

    public override int CommandCount => IsFlush ? 1 : keys.Count;

    /// <summary>A batch that empties the server.</summary>
    public static InvalidationBatch OfEverything() => new([]);

    public override void Write(MetaRequestBuffer buffer, uint opaque)
    {
        if (IsFlush)
            buffer.FlushAll();
        for (var i = 0; i < keys.Count; i++)
            buffer.Delete(keys[i], opaque + (uint)i);
    }

    protected override void Accept(int index, in MetaResponse response)
    {
        var isRight = IsFlush
            ? response.Status == MetaStatus.Ok
            : response.Status is MetaStatus.Done or MetaStatus.NotFound;
        if (!isRight)
            throw Unexpected(in response);
    }
}
