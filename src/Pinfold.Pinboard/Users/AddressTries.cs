using System.Threading.RateLimiting;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// How often an address may try passwords of whatever accounts while it shows the device cookie of another account:
/// that cookie spares it the limit of its address only for its own. Per process.
/// </summary>
sealed class AddressTries : IDisposable
{
    public const int PerMinute = 30;

    readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(origin =>
        RateLimitPartition.GetSlidingWindowLimiter(origin, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        }));

    /// <summary>One more, if there may be.</summary>
    public bool Take(string origin)
    {
        using var lease = _limiter.AttemptAcquire(origin);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
