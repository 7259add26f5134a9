using System.Text;
using CsCheck;
using Pinfold.Sharding.Caching;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching;

/// <summary>What every cache keeps, whatever it is made of.</summary>
public abstract class CacheContractTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A key nobody else uses.</summary>
    protected abstract string Key(string name);

    protected abstract ICache Cache { get; }

    [Fact]
    public async Task TheFirstReaderOfAColdKeyGetsTheLeaseAndOthersWait()
    {
        var first = await Cache.ReadAsync(Key("cold"));
        var second = await Cache.ReadAsync(Key("cold"));
        (first.State, second.State).ShouldBe((CacheState.MissWithLease, CacheState.Pending));
        first.Lease.ShouldNotBe(0ul);
        second.Lease.ShouldBe(0ul);
    }

    [Fact]
    public async Task AFilledValueIsRead()
    {
        await Cache.StoreAsync(Key("filled"), "value");
        var read = await Cache.ReadAsync(Key("filled"));
        (read.State, read.Text(), read.Lease).ShouldBe((CacheState.Hit, "value", 0ul));
    }

    [Fact]
    public async Task AnEmptyValueIsAValue()
    {
        await Cache.StoreAsync(Key("empty"), "");
        (await Cache.ReadAsync(Key("empty"))).State.ShouldBe(CacheState.Hit);
    }

    [Fact]
    public async Task BytesComeBackAsTheyWentIn()
    {
        var value = Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31)).ToArray();
        "\r\nEN\r\nVA 3\r\n"u8.CopyTo(value);
        var lease = (await Cache.ReadAsync(Key("bytes"))).Lease;
        await Cache.FillAsync([new CacheFill(Key("bytes"), lease, value, CacheVerbs.Minute)], Cancellation);
        (await Cache.ReadAsync(Key("bytes"))).Value.ToArray().ShouldBe(value);
    }

    [Fact]
    public async Task TheCallerMayReuseWhatItFilledWith()
    {
        var value = "first"u8.ToArray();
        var lease = (await Cache.ReadAsync(Key("reused"))).Lease;
        await Cache.FillAsync([new CacheFill(Key("reused"), lease, value, CacheVerbs.Minute)], Cancellation);
        value.AsSpan().Clear();
        (await Cache.ReadAsync(Key("reused"))).Text().ShouldBe("first");
    }

    [Fact]
    public async Task AnInvalidatedValueIsGoneAndTheNextReaderFills()
    {
        await Cache.StoreAsync(Key("gone"), "old");
        await Cache.InvalidateAsync(Key("gone"));
        await Cache.StoreAsync(Key("gone"), "new");
        (await Cache.ReadAsync(Key("gone"))).Text().ShouldBe("new");
    }

    [Fact]
    public async Task AFillerThatWasOvertakenByAWriteStoresNothing()
    {
        var late = await Cache.ReadAsync(Key("late"));
        await Cache.InvalidateAsync(Key("late"));
        await Cache.FillAsync(Key("late"), late.Lease, "old");
        (await Cache.ReadAsync(Key("late"))).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task AnOvertakenFillerDisturbsNeitherTheNextFillerNorItsValue()
    {
        var late = await Cache.ReadAsync(Key("next"));
        await Cache.InvalidateAsync(Key("next"));
        var next = await Cache.ReadAsync(Key("next"));
        await Cache.FillAsync(Key("next"), late.Lease, "old");
        (await Cache.ReadAsync(Key("next"))).State.ShouldBe(CacheState.Pending);
        await Cache.FillAsync(Key("next"), next.Lease, "new");
        await Cache.FillAsync(Key("next"), late.Lease, "old");
        (await Cache.ReadAsync(Key("next"))).Text().ShouldBe("new");
    }

    [Fact]
    public async Task ALeaseFillsOnce()
    {
        var lease = (await Cache.ReadAsync(Key("once"))).Lease;
        await Cache.FillAsync(Key("once"), lease, "first");
        await Cache.FillAsync(Key("once"), lease, "second");
        (await Cache.ReadAsync(Key("once"))).Text().ShouldBe("first");
    }

    [Fact]
    public async Task ALeaseThatNobodyGaveStoresNothing()
    {
        await Cache.FillAsync(Key("forged"), 1, "forged");
        await Cache.FillAsync(Key("forged"), 0, "forged");
        (await Cache.ReadAsync(Key("forged"))).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task ALeaseGivenBackGoesToTheNextReader()
    {
        var lease = (await Cache.ReadAsync(Key("back"))).Lease;
        await Cache.FillAsync([new CacheFill(Key("back"), lease, default, TimeSpan.Zero)], Cancellation);
        (await Cache.ReadAsync(Key("back"))).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task AValueThatIsTooLargeIsNotCachedAndGivesItsLeaseBack()
    {
        var lease = (await Cache.ReadAsync(Key("large"))).Lease;
        var value = new byte[(1 << 20) + 1];
        await Cache.FillAsync([new CacheFill(Key("large"), lease, value, CacheVerbs.Minute)], Cancellation);
        (await Cache.ReadAsync(Key("large"))).State.ShouldBe(CacheState.MissWithLease);
    }

    [Fact]
    public async Task ManyKeysAreReadInTheirOrderTwinsIncluded()
    {
        for (var i = 0; i < 20; i += 2)
            await Cache.StoreAsync(Key($"many{i}"), $"value{i}");
        var keys = Enumerable.Range(0, 20).Select(i => Key($"many{i}")).Append(Key("many4")).ToArray();
        var reads = await Cache.ReadAsync(keys, Cancellation);
        for (var i = 0; i < 20; i++)
        {
            reads[i].State.ShouldBe(i % 2 == 0 ? CacheState.Hit : CacheState.MissWithLease);
            reads[i].Text().ShouldBe(i % 2 == 0 ? $"value{i}" : "");
        }
        reads[20].Text().ShouldBe("value4");
    }

    [Fact]
    public async Task NothingAskedIsNothingAnswered()
    {
        (await Cache.ReadAsync(Array.Empty<string>(), Cancellation)).ShouldBeEmpty();
        await Cache.FillAsync(Array.Empty<CacheFill>(), Cancellation);
        await Cache.InvalidateAsync(Array.Empty<string>(), Cancellation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nflush_all")]
    [InlineData("größe")]
    [InlineData("tab\t")]
    public async Task AWrongKeyIsRefusedByName(string key)
    {
        var refused = new List<PinfoldException>
        {
            await Should.ThrowAsync<PinfoldException>(() => Cache.ReadAsync(key)),
            await Should.ThrowAsync<PinfoldException>(() => Cache.FillAsync(key, 1, "")),
            await Should.ThrowAsync<PinfoldException>(() => Cache.InvalidateAsync(key)),
        };
        refused.ShouldAllBe(refusal => refusal.Kind == ErrorKind.Invalid);
    }

    [Fact]
    public async Task AKeyMayHave250CharactersAndNoMore()
    {
        var key = Key("").PadRight(250, '~');
        await Cache.StoreAsync(key, "long");
        (await Cache.ReadAsync(key)).Text().ShouldBe("long");
        await Should.ThrowAsync<PinfoldException>(() => Cache.ReadAsync(key + "~"));
    }

    [Fact]
    public async Task ACancelledCallerIsTold()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Cache.ReadAsync([Key("cancelled")], cancelled.Token));
    }

    [Fact]
    public async Task AnInvalidationIsDeliveredThoughItsCallerCancelled()
    {
        await Cache.StoreAsync(Key("left"), "old");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Cache.InvalidateAsync([Key("left")], cancelled.Token));
        await Cache.InvalidateAsync(Key("another"));
        for (var i = 0; i < 1000 && (await Cache.ReadAsync(Key("left"))).State == CacheState.Hit; i++)
            await Task.Delay(10, Cancellation);
        (await Cache.ReadAsync(Key("left"))).State.ShouldNotBe(CacheState.Hit);
    }

    [Fact]
    public async Task AnySequenceOfReadsFillsAndInvalidationsAgreesWithADictionary()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 20]);
        var run = 0;
        await step.Array[1, 60].SampleAsync(
            async steps => await new CacheModel(Cache, Key($"model{Interlocked.Increment(ref run)}:")).RunAsync(steps),
            iter: 200, threads: 1);
    }
}
