using System.Text;
using Pinfold.Sharding.Caching;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>The contract's three methods for a single key and text.</summary>
static class CacheVerbs
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static async Task<CacheRead> ReadAsync(this ICache cache, string key) =>
        (await cache.ReadAsync([key], TestContext.Current.CancellationToken))[0];

    public static async Task FillAsync(this ICache cache, string key, ulong lease, string value) =>
        await cache.FillAsync(
            [new CacheFill(key, lease, Encoding.UTF8.GetBytes(value), Minute)], TestContext.Current.CancellationToken);

    public static async Task InvalidateAsync(this ICache cache, string key) =>
        await cache.InvalidateAsync([key], TestContext.Current.CancellationToken);

    /// <summary>Reads, must get the lease, and fills.</summary>
    public static async Task StoreAsync(this ICache cache, string key, string value)
    {
        var read = await cache.ReadAsync(key);
        read.State.ShouldBe(CacheState.MissWithLease);
        await cache.FillAsync(key, read.Lease, value);
    }

    public static string Text(this CacheRead read) => Encoding.UTF8.GetString(read.Value.Span);
}
