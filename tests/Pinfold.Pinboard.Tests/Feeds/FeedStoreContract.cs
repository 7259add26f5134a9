using Pinfold.Pinboard.Feeds;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.Tests.Feeds.FeedSamples;

namespace Pinfold.Pinboard.Tests.Feeds;

/// <summary>What every store of feeds does.</summary>
public abstract class FeedStoreContract
{
    protected static readonly TimeSpan LimitMax = TimeSpan.FromSeconds(60);

    /// <summary>Nobody else's, since tests share a Redis.</summary>
    readonly FeedKey _feed = FeedKey.Home(Stranger());

    private protected abstract Task<IFeedStore> StoreAsync(FeedLimits limits);

    static ObjectId<User> Stranger() => Person(1_000_000 + Random.Shared.Next(1_000_000_000));

    Task<IFeedStore> SmallAsync() => StoreAsync(new FeedLimits { EntriesMax = 20 });

    [Fact]
    public async Task AFeedThatIsMissingStaysSoWhateverIsChanged()
    {
        var store = await SmallAsync();

        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(1, Ann)]), new PinsRemoved([_feed], [new RemovedPin(PinOf(1), 2)]),
            Changed(Ann, SourceState.Followed, 3, Entry(1, Ann)),
            new BoardLeftOut(_feed, BoardOf(Ann), true, 4, FeedContent.Empty),
        ], default);

        (await ReadAsync(store)).ShouldBeNull();
    }

    [Fact]
    public async Task AFeedIsReadFromTheNewestOnPageByPage()
    {
        var store = await SmallAsync();
        var same = Entry(8, Ann) with { Sequence = 7 };
        await BuildAsync(store, Build([Entry(3, Ann), Entry(9, Ann), same, Entry(7, Ann)], Followed(Ann)));

        var first = (await ReadAsync(store, count: 2)).ShouldNotBeNull();
        var second = (await ReadAsync(store, first.Entries[^1].Position, count: 2)).ShouldNotBeNull();

        (Pins(first), first.HasMore).ShouldBe(("9 8", true));
        (Pins(second), second.HasMore).ShouldBe(("9 8 7 3", false), "all above is given too, to tell what was shown");
        second.Entries[1].ShouldBe(same);
    }

    [Fact]
    public async Task APinIsThereOnceWhateverIsAddedAgainAndANewerNumberReplacesIt()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([Entry(3, Ann)], Followed(Ann)));
        var moved = Entry(3, Ann, board: 1, seq: 9) with { Sequence = 12, Picture = 77 };

        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(3, Ann), Entry(4, Ann)]), new PinsAdded([_feed], [moved]),
            new PinsAdded([_feed], [Entry(3, Ann, seq: 8)]), new PinsAdded([_feed], [Entry(4, Ann)]),
        ], default);

        (await ReadAsync(store)).ShouldNotBeNull().Entries.ShouldBe([moved, Entry(4, Ann)]);
    }

    [Fact]
    public async Task AnAddThatComesAgainAfterALaterRemovalDoesNotBringThePinBack()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([], Followed(Ann)));

        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(5, Ann, seq: 10)]),
            new PinsRemoved([_feed], [new RemovedPin(PinOf(5), 11), new RemovedPin(PinOf(6), 21)]),
            new PinsAdded([_feed], [Entry(5, Ann, seq: 10), Entry(6, Ann, seq: 20)]),
        ], default);
        Pins(await ReadAsync(store)).ShouldBe("");
        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(5, Ann, seq: 12)]), new PinsRemoved([_feed], [new RemovedPin(PinOf(5), 11)]),
        ], default);

        Pins(await ReadAsync(store)).ShouldBe("5");
    }

    [Fact]
    public async Task WhoIsUnfollowedGoesOutAndNothingOfTheirsComesInLate()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([Entry(3, Ann), Entry(4, Ben)], Followed(Ann), Followed(Ben)));

        await store.ApplyAsync([
            Changed(Ann, SourceState.None, 20), new PinsAdded([_feed], [Entry(5, Ann)]),
            Changed(Ann, SourceState.Followed, 19, Entry(3, Ann)),
        ], default);
        Pins(await ReadAsync(store)).ShouldBe("4");
        await store.ApplyAsync([Changed(Ann, SourceState.Followed, 21, Entry(3, Ann), Entry(5, Ann))], default);

        Pins(await ReadAsync(store)).ShouldBe("5 4 3");
    }

    [Fact]
    public async Task ABoardThatIsLeftOutGoesOutUnlessItIsFollowedItself()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build(
            [Entry(3, Ann), Entry(4, Ann, board: 1), Entry(5, Ann, board: 2)],
            Followed(Ann), Followed(BoardOf(Ann, 2))));

        await store.ApplyAsync([
            LeftOut(BoardOf(Ann, 1), true, 7), LeftOut(BoardOf(Ann, 2), true, 8),
            new PinsAdded([_feed], [Entry(6, Ann, board: 1), Entry(7, Ann, board: 2), Entry(8, Ann)]),
        ], default);
        var without = (await ReadAsync(store)).ShouldNotBeNull();
        await store.ApplyAsync([
            LeftOut(BoardOf(Ann, 1), false, 6), LeftOut(BoardOf(Ann, 1), false, 9, Entry(4, Ann, board: 1)),
        ], default);

        Pins(without).ShouldBe("8 7 5 3");
        without.LeftOut.ShouldBe([BoardOf(Ann, 1), BoardOf(Ann, 2)], ignoreOrder: true);
        var within = (await ReadAsync(store)).ShouldNotBeNull();
        Pins(within).ShouldBe("8 7 5 4 3");
        within.LeftOut.ShouldBe([BoardOf(Ann, 2)]);
    }

    [Fact]
    public async Task ABoardThatIsFollowedStaysWhenItsOwnerIsUnfollowed()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build(
            [Entry(3, Ann), Entry(4, Ann, board: 1)], Followed(Ann), Followed(BoardOf(Ann, 1))));

        await store.ApplyAsync([Changed(Ann, SourceState.None, 20)], default);
        Pins(await ReadAsync(store)).ShouldBe("4");
        await store.ApplyAsync([
            new SourceChanged(_feed, FeedSource.Of(BoardOf(Ann, 1)), SourceState.None, 21, FeedContent.Empty),
        ], default);

        Pins(await ReadAsync(store)).ShouldBe("");
    }

    [Fact]
    public async Task APinThatMovesToABoardThatIsNotWantedIsForgotten()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([Entry(3, Ann, board: 1), Entry(4, Ann, board: 1)], Followed(BoardOf(Ann, 1))));

        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(3, Ann, board: 2, seq: 9), Entry(4, Ann, board: 2, seq: 2)]),
        ], default);
        Pins(await ReadAsync(store)).ShouldBe("4", "the second is older than what is known");
        await store.ApplyAsync([new PinsAdded([_feed], [Entry(3, Ann, board: 1, seq: 10)])], default);

        Pins(await ReadAsync(store)).ShouldBe("4 3");
    }

    [Fact]
    public async Task WhoIsLargeIsMergedInAndAFeedThatMissedThatIsDropped()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([Entry(3, Ann), Entry(4, Ben)], Followed(Ann), Followed(Ben)));

        await store.ApplyAsync([Changed(Ann, SourceState.Large, 20)], default);
        var told = (await ReadAsync(store)).ShouldNotBeNull();
        await store.ApplyAsync([new PinsAdded([_feed], [Entry(5, Ann)])], default);

        (Pins(told), told.Large.ShouldHaveSingleItem()).ShouldBe(("4", FeedSource.Of(Ann)));
        (await ReadAsync(store)).ShouldBeNull();
    }

    [Fact]
    public async Task WhatChangesWhileAFeedIsBuiltIsInItAndWinsOverWhatWasRead()
    {
        var store = await SmallAsync();
        var lease = (await store.BeginAsync(_feed, anew: false, default)).ShouldNotBeNull();
        (await ReadAsync(store)).ShouldBeNull("it is not built");

        await store.ApplyAsync([
            new PinsAdded([_feed], [Entry(9, Ann), Entry(10, Ann, board: 1), Entry(11, Person(3))]),
            new PinsRemoved([_feed], [new RemovedPin(PinOf(3), 30)]),
            Changed(Ben, SourceState.None, 31), LeftOut(BoardOf(Ann, 1), true, 5),
        ], default);
        var read = Build(
            [Entry(3, Ann), Entry(4, Ann), Entry(5, Ben), Entry(6, Ann, board: 1)], Followed(Ann), Followed(Ben));
        (await store.PutAsync(lease, read, default)).ShouldBeTrue();

        Pins(await ReadAsync(store)).ShouldBe("9 4");
    }

    [Fact]
    public async Task OneBuildsAtATimeUntilTheLeaseEndsByItself()
    {
        var store = await StoreAsync(new FeedLimits { Lease = TimeSpan.FromMilliseconds(300) });
        var lease = (await store.BeginAsync(_feed, anew: false, default)).ShouldNotBeNull();
        (await store.BeginAsync(_feed, anew: false, default)).ShouldBeNull();

        FeedLease? next = null;
        using var limit = new CancellationTokenSource(LimitMax);
        while ((next = await store.BeginAsync(_feed, anew: false, default)) is null)
            await Task.Delay(20, limit.Token);

        (await store.PutAsync(lease, Build([], Followed(Ann)), default)).ShouldBeFalse();
        next.Feed.ShouldBe(_feed);
    }

    [Fact]
    public async Task AFeedThatIsThereIsBuiltAnewOnlyOnDemand()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([Entry(3, Ann)], Followed(Ann)));

        (await store.BeginAsync(_feed, anew: false, default)).ShouldBeNull();
        Pins(await ReadAsync(store)).ShouldBe("3");
        var lease = (await store.BeginAsync(_feed, anew: true, default)).ShouldNotBeNull();
        await store.PutAsync(lease, Build([Entry(4, Ben)], Followed(Ben)), default);

        Pins(await ReadAsync(store)).ShouldBe("4");
    }

    [Fact]
    public async Task WhatIsTooMuchIsCutOffAndTheFeedKnowsHowFarDownItGoes()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([.. Enumerable.Range(1, 20).Select(i => Entry(i, Ann))], Followed(Ann)));

        // Not every pin has the feed looked at.
        var looking = Enumerable.Range(23, 1000).First(number => FeedLimits.IsToTrim([Entry(number, Ann)]));
        await store.ApplyAsync(
            [new PinsAdded([_feed], [Entry(21, Ann), Entry(22, Ann), Entry(looking, Ann)])], default);

        var part = (await ReadAsync(store)).ShouldNotBeNull();
        (part.Floor, part.Entries.Count, part.Entries[^1]).ShouldBe((3, 20, Entry(4, Ann)));
        await store.ApplyAsync([new PinsAdded([_feed], [Entry(2, Ann)])], default);
        (await ReadAsync(store)).ShouldNotBeNull().Entries.Count.ShouldBe(20, "what is below is not known well enough");
    }

    [Fact]
    public async Task AFeedOfWhichTooLittleIsLeftIsDroppedIfItWasCutOff()
    {
        var store = await SmallAsync();
        FeedEntry[] entries = [.. Enumerable.Range(1, 20).Select(i => Entry(i, i <= 11 ? Ann : Ben))];
        await BuildAsync(store, Build(entries, Followed(Ann), Followed(Ben)));
        await store.ApplyAsync([Changed(Ann, SourceState.None, 30)], default);
        Pins(await ReadAsync(store)).ShouldBe("20 19 18 17 16 15 14 13 12", "it had everything");

        await BuildAsync(
            store, new FeedBuild(Build([], Followed(Ann), Followed(Ben)).Sources, [], new FeedContent(entries, 0)));
        await store.ApplyAsync([Changed(Ann, SourceState.None, 31)], default);

        (await ReadAsync(store)).ShouldBeNull();
    }

    [Fact]
    public async Task WhatIsMergedInBringsAlongHowFarDownItGoes()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([.. Enumerable.Range(1, 15).Select(i => Entry(i, Ben))], Followed(Ben)));

        await store.ApplyAsync([
            new SourceChanged(
                _feed, FeedSource.Of(Ann), SourceState.Followed, 40, new FeedContent([Entry(30, Ann)], 4)),
        ], default);

        var part = (await ReadAsync(store)).ShouldNotBeNull();
        (part.Floor, part.Entries.Count, part.Entries[0].Sequence, part.Entries[^1].Sequence).ShouldBe((4, 12, 30, 5));
    }

    [Fact]
    public async Task OneChangeIsForManyFeeds()
    {
        var store = await SmallAsync();
        FeedKey[] feeds =
            [.. Enumerable.Range(0, 300).Select(_ => FeedKey.Home(Stranger()))];
        foreach (var feed in feeds)
            await store.PutAsync(
                (await store.BeginAsync(feed, anew: true, default)).ShouldNotBeNull(), Build([], Followed(Ann)),
                default);

        await store.ApplyAsync([
            new PinsAdded(feeds, [Entry(3, Ann), Entry(4, Ann)]),
            new PinsRemoved([.. feeds.Take(100)], [new RemovedPin(PinOf(3), 9)]),
            new FeedsDropped([.. feeds.Skip(200)]),
        ], default);

        var parts = await store.ReadAsync([.. feeds.Select(feed => new FeedRead(feed, null, 10))], default);
        parts.Take(100).ShouldAllBe(part => Pins(part) == "4");
        parts.Skip(100).Take(100).ShouldAllBe(part => Pins(part) == "4 3");
        parts.Skip(200).ShouldAllBe(part => part == null);
        (await store.FindPresentAsync(feeds, default)).ShouldBe(feeds.Take(200), ignoreOrder: true);
    }

    [Fact]
    public async Task ThatWhoIsFollowedIsLargeCountsUnderAnyNumber()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build([], Followed(Ben)));

        await store.ApplyAsync([
            Changed(Ann, SourceState.Followed, 20, Entry(4, Ann)), Changed(Ann, SourceState.Large, 10),
            Changed(Ann, SourceState.Followed, 15, Entry(5, Ann)), Changed(Ben, SourceState.None, 20),
            Changed(Ben, SourceState.Large, 10),
        ], default);

        var part = (await ReadAsync(store)).ShouldNotBeNull();
        (Pins(part), part.Large.ShouldHaveSingleItem()).ShouldBe(("", FeedSource.Of(Ann)), "and Ben is not followed");
    }

    [Fact]
    public async Task WhatWentBeforeAFollowHadReachedItsSourceGoesWithIt()
    {
        var store = await SmallAsync();
        await BuildAsync(store, Build(
            [Entry(3, Ann), Entry(4, Ann), Entry(5, Ben), Entry(12, Ann)], Followed(Ann), Followed(Ben)));

        // Below 2 the source may have more.
        await store.ApplyAsync([Changed(Ann, SourceState.Followed, 10, Entry(4, Ann, seq: 10))], default);

        Pins(await ReadAsync(store)).ShouldBe("12 5 4");
    }

    [Fact]
    public async Task SoItDoesWhenTheFollowComesWhileTheFeedIsBuilt()
    {
        var store = await SmallAsync();
        var lease = (await store.BeginAsync(_feed, anew: false, default)).ShouldNotBeNull();

        await store.ApplyAsync([Changed(Ann, SourceState.Followed, 10, Entry(4, Ann, seq: 10))], default);
        (await store.PutAsync(lease, Build(
            [Entry(3, Ann), Entry(4, Ann), Entry(5, Ben), Entry(12, Ann)], Followed(Ann), Followed(Ben)), default))
            .ShouldBeTrue();

        Pins(await ReadAsync(store)).ShouldBe("12 5 4");
    }

    [Fact]
    public async Task WhoWasMarkedAsLargeIsSo()
    {
        var store = await SmallAsync();
        var other = FeedSource.Of(Stranger());
        await store.MarkLargeAsync(FeedSource.Of(Ben), isTold: false, default);
        (await store.FindLargeAsync([FeedSource.Of(Ben)], default))[FeedSource.Of(Ben)].ShouldBeFalse();
        await store.MarkLargeAsync(FeedSource.Of(Ben), isTold: true, default);

        (await store.FindLargeAsync([FeedSource.Of(Ben), other], default)).ShouldHaveSingleItem()
            .ShouldBe(new(FeedSource.Of(Ben), true));
        (await store.FindLargeAsync([], default)).ShouldBeEmpty();
    }

    static string Pins(FeedPart? part) =>
        string.Join(' ', part.ShouldNotBeNull().Entries.Select(entry => entry.Pin.Local));

    SourceChanged Changed(ObjectId<User> author, SourceState state, long seq, params FeedEntry[] recent) =>
        new(_feed, FeedSource.Of(author), state, seq, new FeedContent(recent, null));

    BoardLeftOut LeftOut(ObjectId<Board> board, bool isLeftOut, long seq, params FeedEntry[] recent) =>
        new(_feed, board, isLeftOut, seq, new FeedContent(recent, null));

    async Task<FeedPart?> ReadAsync(IFeedStore store, FeedPosition? after = null, int count = 100) =>
        (await store.ReadAsync([new FeedRead(_feed, after, count)], default))[0];

    async Task BuildAsync(IFeedStore store, FeedBuild build) => (await store.PutAsync(
        (await store.BeginAsync(_feed, anew: true, default)).ShouldNotBeNull(), build, default)).ShouldBeTrue();
}
