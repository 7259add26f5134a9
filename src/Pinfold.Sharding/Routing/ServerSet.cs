using System.Collections.Concurrent;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Reads;
using Pinfold.Sharding.Telemetry;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Routing;

/// <summary>
/// The servers of the topology as this process knows them: made when first needed, one pool and one queue each.
/// </summary>
sealed class ServerSet(
    Func<ServerSpec, Task<IShardServer>> open, CommitLimits limits, TimeProvider time, ShardingMetrics metrics)
        : IAsyncDisposable
{
    readonly ConcurrentDictionary<ServerSpec, Lazy<Task<ServerParts>>> _servers = new();
    volatile bool _isClosed;

    /// <summary>One server, and the queues of this process's reads from it and writes to it.</summary>
    public sealed record ServerParts(IShardServer Server, ReadQueue Reads, CommitQueue Commits);

    /// <summary>How long a write is tried, and a read waits for its turn.</summary>
    public TimeSpan Deadline => limits.Deadline;

    /// <summary>The server of that spec; a server whose spec changed in the topology is another one.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public async ValueTask<ServerParts> GetAsync(ServerSpec spec)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var made = _servers.GetOrAdd(spec, static (s, self) => new(() => self.MakeAsync(s)), this);
        try
        {
            return await made.Value;
        }
        catch (Exception)
        {
            // Whatever it was, the next caller tries anew.
            _servers.TryRemove(new(spec, made));
            throw;
        }
    }

    /// <summary>Reads in one round trip, measured.</summary>
    public async ValueTask ReadAsync(ServerSpec spec, IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        using var activity = ShardingTelemetry.Source.StartActivity("pinfold.read");
        activity?.SetTag("pinfold.server", spec.Name);
        var start = time.GetTimestamp();
        try
        {
            await (await GetAsync(spec)).Reads.ReadAsync(reads, cancellation);
            metrics.RoundTrip(spec.Name, "read", time.GetElapsedTime(start), error: null);
        }
        catch (PinfoldException e)
        {
            metrics.RoundTrip(spec.Name, "read", time.GetElapsedTime(start), e.Kind.ToString());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        foreach (var server in _servers.Values)
            if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
                await (await server.Value).Server.DisposeAsync();
        _servers.Clear();
    }

    async Task<ServerParts> MakeAsync(ServerSpec spec)
    {
        var server = await open(spec);
        return new ServerParts(
            server, new ReadQueue(server, ReadLimits.Default with { Deadline = limits.Deadline }, time),
            new CommitQueue(server, limits, time, metrics));
    }
}
