using StackExchange.Redis;

namespace Pinfold.Pinboard.Redis;

/// <summary>A connection to each node of a Redis, and to its Sentinels if it has any.</summary>
sealed record RedisConnection(ConnectionMultiplexer Nodes, ConnectionMultiplexer? Sentinels) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Nodes.DisposeAsync();
        if (Sentinels is not null)
            await Sentinels.DisposeAsync();
    }
}
