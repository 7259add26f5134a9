using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pinfold.Pinboard.Redis;

/// <summary>
/// Whether the Redis of each role answers and keeps what its role needs. It is never worse than degraded: pages work
/// without any. The answer is kept for a moment, so that probes cannot load it; at the start it is logged.
/// </summary>
sealed class RedisHealthCheck(RedisStatusReader reader, TimeProvider time, ILogger<RedisHealthCheck> log)
    : BackgroundService, IHealthCheck
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _turn = new(1);
    HealthCheckResult _last;
    long? _lastAt;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lastAt is { } at && time.GetElapsedTime(at) < KeptFor)
                return _last;
            // Not under the caller's token: who hangs up must not spoil the answer for the next.
            _last = Judge(await reader.ReadAsync(CancellationToken.None));
            _lastAt = time.GetTimestamp();
            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Beside the start, which waits for no Redis.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var status in await reader.ReadAsync(stoppingToken))
            foreach (var complaint in status.Complaints)
                RedisLog.SetWrongly(log, status.Role.Name, complaint);
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    static HealthCheckResult Judge(IReadOnlyList<RedisStatus> all)
    {
        var complaints = all.SelectMany(s => s.Complaints.Select(complaint => $"{s.Role.Name}: {complaint}")).ToList();
        return complaints.Count > 0 ? HealthCheckResult.Degraded(string.Join("; ", complaints))
            : all.Count == 0 ? HealthCheckResult.Healthy("no role has a Redis")
            : HealthCheckResult.Healthy(string.Join("; ",
                all.Select(s => $"{s.Role.Name} keeps {RedisStatusReader.Text(s.Persistence)}")));
    }
}
