using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

/// <summary>Counts the whole process's allocations, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(AloneInTheProcess))]
public sealed class CacheAllocationTests(TwoMemcachedServers servers) : IClassFixture<TwoMemcachedServers>
{
    const int KeyCount = 50;
    const int ValueBytes = 200;
    const int RoundCount = 8;
    const int ReadCount = 1000;
    const int ArrayHeaderBytes = 24;
    const int OverheadBytesMax = 4096;

    [Fact]
    public async Task AWarmMultiGetOf50AllocatesItsValuesAndFourKilobytesAtMost()
    {
        await using var ring = new MemcachedRing(servers.Options);
        var keys = Enumerable.Range(0, KeyCount).Select(i => $"o:{241294492511762325 + i}").ToArray();
        var cold = await ring.ReadAsync(keys, CancellationToken.None);
        await ring.FillAsync(
            [.. cold.Select((read, i) => new CacheFill(keys[i], read.Lease, new byte[ValueBytes], CacheVerbs.Minute))],
            CancellationToken.None);
        // Code that the runtime has not optimised yet allocates more; the least of several rounds is the steady state.
        var bytes = long.MaxValue;
        for (var round = 0; round < RoundCount; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Task.Run(() => ReadAllAsync(ring, keys, ReadCount));
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / ReadCount);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a multi-get");
        bytes.ShouldBeLessThan(KeyCount * (ValueBytes + ArrayHeaderBytes) + OverheadBytesMax);
    }

    static async Task ReadAllAsync(MemcachedRing ring, string[] keys, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var reads = await ring.ReadAsync(keys, CancellationToken.None);
            if (reads[^1].State != CacheState.Hit)
                throw new InvalidOperationException("The cache is not warm.");
        }
    }
}
