using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Moving;

/// <summary>A shard on its way: where it is, where it goes, and who takes it there.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Source">Where it is.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Epoch">Its epoch at the source.</param>
/// <param name="By">The operation, and this process.</param>
sealed record MovedShard(ShardId Shard, IShardServer Source, IShardServer Target, long Epoch, MarkHolder By)
{
    /// <summary>Its epoch at the target.</summary>
    public long NextEpoch => Epoch + 1;

    public async ValueTask<ShardRow> ReadSourceRowAsync(CancellationToken cancellation) =>
        await ReadRowAsync(Source, cancellation);

    public async ValueTask<ShardRow> ReadTargetRowAsync(CancellationToken cancellation) =>
        await ReadRowAsync(Target, cancellation);

    async ValueTask<ShardRow> ReadRowAsync(IShardServer server, CancellationToken cancellation)
    {
        var read = new ShardRowRead(Shard);
        await server.ReadAsync([read], cancellation);
        return read.Row ?? throw MarkErrors.OtherEpoch(Shard, server.Name, Epoch, null);
    }
}
