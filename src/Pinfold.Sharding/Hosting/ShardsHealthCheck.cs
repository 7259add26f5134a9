using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Healthy when every shard answers from its own row; degraded, naming them, when some do not; unhealthy when none
/// does.
/// </summary>
sealed class ShardsHealthCheck(ShardStatusReader shards) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var all = await shards.ReadAsync(cancellationToken);
        var failed = all.Where(s => s.Problem is not null).ToList();
        if (failed.Count == 0)
            return HealthCheckResult.Healthy($"{all.Count} shards answer");
        var servers =
            string.Join(
                ", ", failed.GroupBy(s => s.Server).Select(g => $"{g.Key} ({g.Count()} shards: {g.First().Problem})"));
        return failed.Count == all.Count
            ? HealthCheckResult.Unhealthy($"no shard answers: {servers}")
            : HealthCheckResult.Degraded($"{failed.Count} of {all.Count} shards do not answer: {servers}");
    }
}
