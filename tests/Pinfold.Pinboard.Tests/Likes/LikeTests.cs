using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Likes;

/// <summary>People like the pins of others.</summary>
public sealed class LikeTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ALikeIsOneRoundTripWithItsCount(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (robin, pin) = (await pinboard.AddUserAsync("robin-heart"), await AddPinAsync(pinboard, "mira-heart"));
        await pinboard.Pins.GetAsync(robin.Viewer, pin, default);

        using (var trips = new RoundTrips(pinboard))
        {
            await pinboard.Get<LikeService>().LikeAsync(robin.Viewer, pin, default);
            (trips.Commits, trips.Reads).ShouldBe((1, 0));
        }
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ALikeOnceMoreIsStillOneAndBothSidesCountIt(string engine)
    {
        var pinboard = engines[engine];
        var likes = pinboard.Get<LikeService>();
        var (robin, pin) = (await pinboard.AddUserAsync("robin-twice"), await AddPinAsync(pinboard, "mira-twice"));
        for (var i = 0; i < 2; i++)
            await likes.LikeAsync(robin.Viewer, pin, default);
        await pinboard.FollowAsync();
        await CountsShouldBeAsync(1);

        for (var i = 0; i < 2; i++)
            await likes.UnlikeAsync(robin.Viewer, pin, default);
        await pinboard.FollowAsync();
        await CountsShouldBeAsync(0);

        async Task CountsShouldBeAsync(long count)
        {
            (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(count);
            (await pinboard.Get<PinCounts>().OfAsync([pin], default))[pin].ShouldBe(new PinCount(count, 0, 0));
        }
    }

    [Fact]
    public async Task WhatIsNotThereOrSecretOrOnesOwnIsNotLiked()
    {
        var pinboard = engines["SQLite"];
        var likes = pinboard.Get<LikeService>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-not"), await pinboard.AddUserAsync("mira-not"));
        var open = await pinboard.AddBoardAsync(mira, "Open");
        var pins = new List<ObjectId<Pin>>
        {
            await pinboard.AddPinAsync(mira, open, isSecret: true),
            await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Secret", isSecret: true)),
            await pinboard.AddPinAsync(mira, open),
            Pin.Type.Id(new ObjectId(robin.Id.Shard, Pin.Type.Number, ObjectId.LocalMax)),
        };
        await pinboard.Pins.DeleteAsync(mira.Viewer, pins[2], default);
        foreach (var pin in pins)
            foreach (var act in (Func<Task>[])
                [
                    () => likes.LikeAsync(robin.Viewer, pin, default),
                    () => likes.UnlikeAsync(robin.Viewer, pin, default),
                ])
                (await Should.ThrowAsync<PinfoldException>(act))
                    .Message.ShouldBe("There is no such pin.");
        (await Should.ThrowAsync<PinfoldException>(
            async () => await likes.LikeAsync(mira.Viewer, await pinboard.AddPinAsync(mira, open), default)))
            .Message.ShouldBe("This pin is yours. Like those of others.");
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhoIsBlockedLikesNothingAndIsNotToldWhy(string engine)
    {
        var pinboard = engines[engine];
        var (likes, blocks) = (pinboard.Get<LikeService>(), pinboard.Get<BlockService>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-bar"), await pinboard.AddUserAsync("mira-bar"));
        var pin = await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
        await blocks.BlockAsync(mira.Viewer, robin.Id, default);
        await pinboard.FollowAsync();

        (await Should.ThrowAsync<PinfoldException>(() => likes.LikeAsync(robin.Viewer, pin, default)))
            .ShouldSatisfyAllConditions(
                e => e.Kind.ShouldBe(ErrorKind.Forbidden), e => e.Message.ShouldBe("This pin cannot be liked."));
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(0);

        await blocks.UnblockAsync(mira.Viewer, robin.Id, default);
        await pinboard.FollowAsync();
        await likes.LikeAsync(robin.Viewer, pin, default);
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhichOfFiftyPinsOneLikesIsOneRoundTrip(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var robin = await pinboard.AddUserAsync("robin-of-fifty");
        var ids = Ids(50);
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        foreach (var id in ids.Take(20))
            transaction.Put(UserLikesPin, robin.Id, id, 1);
        await transaction.CommitAsync();
        var reads = pinboard.Get<LikeReader>();

        using var trips = new RoundTrips(pinboard);
        (await reads.LikesAsync(robin.Viewer, ids, default)).ShouldBe(ids.Take(20), ignoreOrder: true);
        trips.Reads.ShouldBe(1);
        (await reads.LikesAsync(Viewer.Anybody, ids, default)).ShouldBeEmpty();
        (await Should.ThrowAsync<PinfoldException>(() => reads.LikesAsync(robin.Viewer, Ids(51), default)))
            .Message.ShouldContain("50");
    }

    [Fact]
    public async Task OnesOwnLikesListWhatOneMaySee()
    {
        var pinboard = engines["SQLite"];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-list"), await pinboard.AddUserAsync("mira-list"));
        var board = await pinboard.AddBoardAsync(mira, "Open");
        var pins = new List<ObjectId<Pin>>();
        for (var i = 0; i < 3; i++)
        {
            pins.Add(await pinboard.AddPinAsync(mira, board, $"{i}"));
            await pinboard.Get<LikeService>().LikeAsync(robin.Viewer, pins[i], default);
        }
        await pinboard.Pins.UpdateAsync(mira.Viewer, pins[1], "1", null, null, isSecret: true, board, default, default);

        (await pinboard.Get<LikeReader>().PageAsync(robin.Viewer, null, default)).Pins.Select(p => p.Id)
            .ShouldBe([pins[0], pins[2]], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WithThePinItsLikesGoWhereverTheyCameFrom(string engine)
    {
        var pinboard = engines[engine];
        var (robin, mira) = (await pinboard.AddUserAsync("robin-end"), await pinboard.AddUserAsync("mira-end"));
        var pin = await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
        await pinboard.Get<LikeService>().LikeAsync(robin.Viewer, pin, default);
        await pinboard.SettleAsync();
        await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
        await pinboard.SettleAsync();
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(0);

        // As by somebody who has found it in a cache.
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        transaction.Put(UserLikesPin, robin.Id, pin, 1);
        await transaction.CommitAsync();
        await pinboard.SettleAsync();
        (await pinboard.Store.CountAsync(UserLikesPin, robin.Id)).ShouldBe(0);
        (await pinboard.Store.CountAsync(PinLikedByUser, pin)).ShouldBe(0);
    }

    static async Task<ObjectId<Pin>> AddPinAsync(TestPinboard pinboard, string owner)
    {
        var mira = await pinboard.AddUserAsync(owner);
        return await pinboard.AddPinAsync(mira, await pinboard.AddBoardAsync(mira, "Open"));
    }

    static List<ObjectId<Pin>> Ids(int count) => [.. Enumerable.Range(1, count)
        .Select(i => Pin.Type.Id(new ObjectId(new ShardId(i % 2), Pin.Type.Number, 1_000_000 + i)))];
}
