namespace Pinfold.Sharding.Caching.Memcached;

/// <summary>One no-op: does a memcached that knows the meta protocol (1.6 or later) answer there?</summary>
internal sealed class NoOpBatch : MetaBatch
{
    public override int CommandCount => 1;

    public override void Write(MetaRequestBuffer buffer, uint opaque) => buffer.NoOp();

    protected override void Accept(int index, in MetaResponse response)
    {
        if (response.Status != MetaStatus.NoOp)
            throw Unexpected(in response);
    }
}
