using Pinfold.Pinboard.Explore;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Explore;

/// <summary>What every store of what there is to explore does.</summary>
public abstract class ExploreStoreContract
{
    private protected abstract Task<IExploreStore> StoreAsync(ExploreLimits limits);

    Task<IExploreStore> SmallAsync() => StoreAsync(new ExploreLimits { CandidatesMax = 6, OfAuthorMax = 3 });

    [Fact]
    public async Task ItIsMissingUntilItWasReadFromTheShards()
    {
        var store = await SmallAsync();
        await store.ApplyAsync([Put(1, heat: 5)], default);
        (await store.ReadAsync(default)).ShouldBeNull();
        await BuildAsync(store, Hot(2, heat: 7), Hot(3, heat: 9));
        Pins(await store.ReadAsync(default)).ShouldBe("3 2");
        (await store.BeginAsync(default)).ShouldBeNull("it is there");
    }

    [Fact]
    public async Task ItIsSortedByHeatAndOfTwoAsHotTheYoungerIsFirst()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Hot(1, 5), Hot(10, 5), Hot(2, 5, author: 2), Hot(3, 1_800_000_000_123, author: 2));
        var all = (await store.ReadAsync(default)).ShouldNotBeNull();
        Pins(all).ShouldBe("3 10 2 1");
        all[0].ShouldBe(Hot(3, 1_800_000_000_123, author: 2), "all of it comes back");
    }

    [Fact]
    public async Task WhatChangesWhileItIsReadIsNewerThanWhatIsRead()
    {
        var store = await SmallAsync();
        var lease = (await store.BeginAsync(default)).ShouldNotBeNull();
        (await store.BeginAsync(default)).ShouldBeNull("somebody does");
        await store.ApplyAsync([Put(1, 50), Gone(2)], default);
        (await store.PutAsync(lease, [Hot(1, 5), Hot(2, 6), Hot(3, 7)], isWhole: true, default)).ShouldBeTrue();
        var all = (await store.ReadAsync(default)).ShouldNotBeNull();
        (Pins(all), all[0].Heat).ShouldBe(("1 3", 50));
        (await store.PutAsync(lease, [Hot(9, 9)], isWhole: true, default)).ShouldBeFalse("it was put");
    }

    [Fact]
    public async Task WhatCouldNotAllBeReadIsShownAndReadAgain()
    {
        var store = await SmallAsync();
        var lease = (await store.BeginAsync(default)).ShouldNotBeNull();
        await store.PutAsync(lease, [Hot(1, 5)], isWhole: false, default);
        Pins(await store.ReadAsync(default)).ShouldBe("1");
        await BuildAsync(store, Hot(1, 5), Hot(2, 6));
        Pins(await store.ReadAsync(default)).ShouldBe("2 1");
    }

    [Fact]
    public async Task ItHoldsTheHottestAndNotTooManyOfOneAuthor()
    {
        var store = await SmallAsync();
        await BuildAsync(store, [.. Enumerable.Range(1, 9).Select(i => Hot(i, i, author: 1))]);
        Pins(await store.ReadAsync(default)).ShouldBe("9 8 7");
        await store.ApplyAsync(
            [.. Enumerable.Range(11, 8).Select(i => Put(i, i - 8, author: i)), Put(1, 99, author: 1)], default);
        Pins(await store.ReadAsync(default)).ShouldBe("1 18 17 9 16 8");
        await store.ApplyAsync([Gone(1), Put(9, 1, author: 1), Put(20, 30, author: 5)], default);
        Pins(await store.ReadAsync(default)).ShouldBe("20 18 17 16 8 9");
    }

    [Fact]
    public async Task TheSameChangesInAnyOrderAndAgainEndTheSame()
    {
        var store = await SmallAsync();
        await BuildAsync(store);
        ExploreChange[] changes = [.. Enumerable.Range(1, 30).Select(i => Put(i, 1000 + (i * 37 % 31), author: i % 5))];
        await store.ApplyAsync(changes, default);
        var once = Pins(await store.ReadAsync(default));
        foreach (var change in changes.Reverse())
            await store.ApplyAsync([change], default);
        Pins(await store.ReadAsync(default)).ShouldBe(once);
    }

    private protected static async Task BuildAsync(IExploreStore store, params ExploreCandidate[] candidates)
    {
        var lease = (await store.BeginAsync(default)).ShouldNotBeNull();
        (await store.PutAsync(lease, candidates, isWhole: true, default)).ShouldBeTrue();
    }

    private protected static ExploreCandidate Hot(int pin, long heat, int author = 1) => new(
        PinOf(pin), User.Type.Id(new ObjectId(new ShardId(0), User.Type.Number, author + 1)),
        Board.Type.Id(new ObjectId(new ShardId(0), Board.Type.Number, author + 1)), heat);

    private protected static ExploreChange Put(int pin, long heat, int author = 1) =>
        new(PinOf(pin), Hot(pin, heat, author));

    private protected static ExploreChange Gone(int pin) => new(PinOf(pin), null);

    static ObjectId<Pin> PinOf(int pin) => Pin.Type.Id(new ObjectId(new ShardId(0), Pin.Type.Number, pin));

    private protected static string? Pins(IReadOnlyList<ExploreCandidate>? all) =>
        all is null ? null : string.Join(' ', all.Select(candidate => candidate.Pin.Local));
}
