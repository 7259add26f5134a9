using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pinfold.Sharding.Caching;
using Pinfold.Sharding.Caching.Memcached;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class MemcachedRingTests(TwoMemcachedServers servers) : IClassFixture<TwoMemcachedServers>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMultiGetIsOneWritePerServer()
    {
        await using var ring = new MemcachedRing(servers.Options);
        var keys = Keys(50);
        await ring.ReadAsync(["warm-up"], Cancellation);
        var before = ring.Status.Select(status => status.Writes).ToArray();
        var reads = await ring.ReadAsync(keys, Cancellation);
        ring.Status.Select((status, i) => status.Writes - before[i]).ShouldBe([1, 1]);
        await ring.FillAsync(
            [.. reads.Select((read, i) => new CacheFill(keys[i], read.Lease, new byte[100], CacheVerbs.Minute))],
            Cancellation);
        ring.Status.Select((status, i) => status.Writes - before[i]).ShouldBe([2, 2]);
        (await ring.ReadAsync(keys, Cancellation)).ShouldAllBe(read => read.State == CacheState.Hit);
        ring.Status.Select((status, i) => status.Writes - before[i]).ShouldBe([3, 3]);
    }

    [Fact]
    public async Task AnInvalidationReachesOwnerAndStandIn()
    {
        await using var ring = new MemcachedRing(servers.Options);
        var key = Keys(1)[0];
        foreach (var server in new[] { servers.First, servers.Second })
            await server.AskAsync($"ms {key} 1 T60\r\nx");
        await ring.InvalidateAsync(key);
        foreach (var server in new[] { servers.First, servers.Second })
            (await server.AskAsync($"mg {key}")).ShouldBe("EN");
    }

    [Fact]
    public async Task NoValueLivesLongerThanTheLimitInTheServer()
    {
        await using var ring = new MemcachedRing(servers.Options with { TimeToLiveMax = TimeSpan.FromSeconds(30) });
        var key = Keys(1)[0];
        await ring.StoreAsync(key, "value");
        string[] answers =
            [await servers.First.AskAsync($"mg {key} t"), await servers.Second.AskAsync($"mg {key} t")];
        answers.ShouldContain(answer => answer == "HD t30" || answer == "HD t29");
    }

    [Fact]
    public async Task AnExpiredLeaseGoesToTheNextReader()
    {
        await using var ring = new MemcachedRing(servers.Options with { LeaseTime = TimeSpan.FromSeconds(2) });
        var key = Keys(1)[0];
        var slow = await ring.ReadAsync(key);
        var next = await ring.ReadAsync(key);
        for (; next.State == CacheState.Pending; next = await ring.ReadAsync(key))
            await Task.Delay(50, Cancellation);
        next.State.ShouldBe(CacheState.MissWithLease);
        await ring.FillAsync(key, slow.Lease, "slow");
        (await ring.ReadAsync(key)).State.ShouldBe(CacheState.Pending);
    }

    [Fact]
    public async Task HundredsOfConcurrentCallersOnOneConnectionEachGetTheirOwnAnswers()
    {
        await using var ring = new MemcachedRing(servers.Options with { ConnectionsPerServer = 1 });
        var keys = Keys(200);
        foreach (var key in keys)
            await ring.StoreAsync(key, "of " + key + new string('.', key.GetHashCode() & 0x3fff));
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var asked = Enumerable.Range(i, 10).Select(n => keys[n * 17 % keys.Length]).ToArray();
            var reads = await ring.ReadAsync(asked, Cancellation);
            reads.Select(read => read.Text().TrimEnd('.')).ShouldBe(asked.Select(key => "of " + key));
        });
    }

    [Fact]
    public async Task WithoutAnyServerEveryReadIsAMissAndNothingThrows()
    {
        await using var ring = new MemcachedRing(
            servers.Options with { Servers = [$"127.0.0.1:{LoopbackPort.FindFree()}"] });
        (await ring.ReadAsync("key")).ShouldBe(default);
        await ring.FillAsync("key", 1, "value");
        await ring.InvalidateAsync("key");
        ring.Status[0].ShouldSatisfyAllConditions(
            status => status.IsAlive.ShouldBeFalse(),
            status => status.MissedInvalidations.ShouldBe(1),
            status => status.Errors.ShouldBeGreaterThan(0));
    }

    [Fact]
    public async Task AfterItIsClosedEveryReadIsAMiss()
    {
        var ring = new MemcachedRing(servers.Options);
        await ring.ReadAsync("key");
        await ring.DisposeAsync();
        (await ring.ReadAsync("key")).ShouldBe(default);
        await ring.InvalidateAsync("key");
    }

    [Fact]
    public async Task HitsMissesAndInvalidationsAreCountedPerServer()
    {
        using var meter = new Meter("test");
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == meter)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var (result, server) = ("", "");
            foreach (var (name, tag) in tags)
                (result, server) = name == "result" ? ((string)tag!, server) : (result, (string)tag!);
            server.ShouldBeOneOf(servers.First.Address, servers.Second.Address);
            counted.AddOrUpdate(instrument.Name + result, value, (_, sum) => sum + value);
        });
        listener.Start();
        await using var ring = new MemcachedRing(servers.Options, meter: meter);
        var keys = Keys(10);
        await ring.StoreAsync(keys[0], "value");
        await ring.ReadAsync(keys, Cancellation);
        await ring.ReadAsync(keys, Cancellation);
        await ring.InvalidateAsync(keys[0]);
        counted["pinfold.cache.readshit"].ShouldBe(2);
        counted["pinfold.cache.readsmiss"].ShouldBe(10);
        counted["pinfold.cache.readspending"].ShouldBe(9);
        counted["pinfold.cache.invalidations"].ShouldBe(2);
    }

    [Theory]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData(":11211")]
    [InlineData("host:port")]
    public void AWrongServerNameIsRefused(string name) =>
        Should.Throw<PinfoldException>(() => new MemcachedRing(servers.Options with { Servers = [name] }))
            .Message.ShouldContain("10.0.0.7:11211");

    [Fact]
    public void WrongLimitsAreRefused()
    {
        MemcachedRingOptions[] wrong =
        [
            servers.Options with { Servers = [] },
            servers.Options with { Servers = ["a:1", "A:1"] },
            servers.Options with { LeaseTime = TimeSpan.FromSeconds(1) },
            servers.Options with { TimeToLiveMax = TimeSpan.FromDays(31) },
            servers.Options with { ConnectionsPerServer = 0 },
        ];
        foreach (var options in wrong)
            Should.Throw<PinfoldException>(() => new MemcachedRing(options)).Kind.ShouldBe(ErrorKind.Invalid);
    }

    string[] Keys(int count)
    {
        var prefix = servers.NewPrefix();
        return [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
    }
}
