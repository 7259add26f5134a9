using System.Threading.RateLimiting;
using Pinfold.Pinboard.Redis;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// One person's, or one address's, window over all processes. While Redis does not answer, the one of this process
/// alone serves.
/// </summary>
sealed class SharedWindow(RedisWindows windows, string policy, string who, int perMinute, RateLimiter own) : RateLimiter
{
    static readonly RateLimitLease Passed = new Verdict(true);
    static readonly RateLimitLease Refused = new Verdict(false);

    public override TimeSpan? IdleDuration => own.IdleDuration;

    public override RateLimiterStatistics? GetStatistics() => own.GetStatistics();

    /// <summary>Never at once: whoever asks this way asks again and waits.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => Refused;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        int permitCount, CancellationToken cancellationToken)
    {
        // This process counts along, so that its window is what it should be when it has to serve.
        using var here = own.AttemptAcquire(permitCount);
        try
        {
            return await windows.TryAsync(policy, who, perMinute, cancellationToken) is null ? Passed : Refused;
        }
        catch (RedisUnavailableException)
        {
            return here.IsAcquired ? Passed : Refused;
        }
    }

    protected override void Dispose(bool disposing) => own.Dispose();

    sealed class Verdict(bool isAcquired) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
