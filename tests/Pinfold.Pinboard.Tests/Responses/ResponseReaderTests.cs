using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Responses;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Responses;

/// <summary>What pages read of likes, comments and repins, and at what cost.</summary>
public sealed class ResponseReaderTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task OnesOwnLikeIsCountedAtOnceAndOnce(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (robin, mira) = (await pinboard.AddUserAsync("robin-counts"), await pinboard.AddUserAsync("mira-counts"));
        var pin = await AddPinAsync(pinboard, mira);
        await pinboard.Get<LikeService>().LikeAsync(robin.Viewer, pin, default);
        await pinboard.Get<CommentService>().AddAsync(robin.Viewer, pin, "Hello", default);

        for (var i = 0; i < 2; i++)
        {
            var read = await ReadAsync(pinboard, robin.Viewer, pin);
            (read.IsLiked, read.Count).ShouldBe((true, new PinCount(1, 1, 0)));
            read.Likers.ShouldHaveSingleItem().Username.ShouldBe("robin-counts");
            read.Comments.ShouldHaveSingleItem().Author.Username.ShouldBe("robin-counts");
            await pinboard.FollowAsync();
        }
        (await ReadAsync(pinboard, Viewer.Anybody, pin)).Count.ShouldBe(new PinCount(1, 1, 0));
        await pinboard.StopFollowingAsync();
        await pinboard.Get<LikeService>().UnlikeAsync(robin.Viewer, pin, default);
        var after = await ReadAsync(pinboard, robin.Viewer, pin);
        (after.IsLiked, after.Count.Likes, after.Likers.Count).ShouldBe((false, 0, 0));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APageOfCardsIsOneRoundTripAndForVisitorsNone(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var robin = await pinboard.AddUserAsync("robin-cards");
        var pins = Enumerable.Range(1, PinCounts.PinsMax)
            .Select(i => Pin.Type.Id(new ObjectId(new ShardId(0), Pin.Type.Number, 5_000_000 + i))).ToList();
        var cards = pinboard.Get<CardReader>();

        using var trips = new RoundTrips(pinboard);
        (await pinboard.Get<PinCounts>().OfAsync(pins, default)).Count.ShouldBe(PinCounts.PinsMax);
        trips.Reads.ShouldBe(1);
        (await cards.ReadAsync(robin.Viewer, pins, default)).Counts.Count.ShouldBe(PinCounts.PinsMax);
        trips.Reads.ShouldBeLessThanOrEqualTo(engine == "SQLite" ? 3 : 2, "an embedded shard is a server of its own");
        var before = trips.Reads;
        var first = await cards.ReadAsync(Viewer.Anybody, pins, default);
        (trips.Reads - before).ShouldBe(1);
        var second = await cards.ReadAsync(Viewer.Anybody, pins, default);
        (trips.Reads - before).ShouldBe(1, "the second time from the cache");
        second.Counts.ShouldBe(first.Counts);
        (await cards.ReadAsync(Viewer.Anybody, pins, default)).ShouldBe(second, "a page can be kept with it");
        (await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Get<PinCounts>().OfAsync([.. pins, .. pins], default))).Message.ShouldContain("50");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AnOriginThatIsDeletedSecretOrOfWhoBlocksIsGoneAndCostsTheSame(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (robin, mira) = (await pinboard.AddUserAsync("robin-origin"), await pinboard.AddUserAsync("mira-origin"));
        var board = await pinboard.AddBoardAsync(mira, "Hers");
        var saved = new List<ObjectId<Pin>>();
        var from = new List<ObjectId<Pin>>();
        var own = await pinboard.AddBoardAsync(robin, "Own");
        for (var i = 0; i < 3; i++)
        {
            from.Add(await pinboard.AddPinAsync(mira, board));
            saved.Add(await pinboard.Pins.SaveAsync(robin.Viewer, from[i], own, default));
        }
        var seen = (await ReadAsync(pinboard, robin.Viewer, saved[0])).Origin.ShouldNotBeNull();
        (seen.IsDirect, seen.Last!.Pin, seen.Last.Board.Name, seen.Last.Owner.Username)
            .ShouldBe((true, from[0], "Hers", "mira-origin"));

        await pinboard.Pins.DeleteAsync(mira.Viewer, from[0], default);
        await pinboard.Pins.UpdateAsync(mira.Viewer, from[1], "", null, null, isSecret: true, board, default, default);
        var gone = new ShownOrigin(null, null, true);
        var costs = new List<int>();
        foreach (var pin in saved.Take(2))
            costs.Add(await ShouldBeGoneAsync(robin.Viewer, pin));
        (await ReadAsync(pinboard, mira.Viewer, saved[1])).Origin!.Last.ShouldNotBeNull("she sees her own");
        await pinboard.Get<BlockService>().BlockAsync(mira.Viewer, robin.Id, default);
        await pinboard.FollowAsync();
        await pinboard.StopFollowingAsync();
        costs.Add(await ShouldBeGoneAsync(robin.Viewer, saved[2]));
        (await ReadAsync(pinboard, Viewer.Anybody, saved[2])).Origin!.Last.ShouldNotBeNull();
        costs.Distinct().ShouldHaveSingleItem();

        async Task<int> ShouldBeGoneAsync(Viewer viewer, ObjectId<Pin> pin)
        {
            (await ReadAsync(pinboard, viewer, pin)).Origin.ShouldBe(gone);
            using var trips = new RoundTrips(pinboard);
            await ReadAsync(pinboard, viewer, pin);
            return trips.Reads;
        }
    }

    [Fact]
    public async Task OfMoreThanAFewNamesTheRestIsCountedAndTheBlockedAreNotNamed()
    {
        var pinboard = engines["SQLite"];
        var mira = await pinboard.AddUserAsync("mira-crowd");
        var pin = await AddPinAsync(pinboard, mira);
        var crowd = new List<TestUser>();
        for (var i = 0; i < 8; i++)
        {
            crowd.Add(await pinboard.AddUserAsync($"crowd-{i}"));
            await pinboard.Get<LikeService>().LikeAsync(crowd[i].Viewer, pin, default);
        }
        await pinboard.Get<BlockService>().BlockAsync(mira.Viewer, crowd[7].Id, default);
        await pinboard.FollowAsync();

        var read = await ReadAsync(pinboard, mira.Viewer, pin);
        read.Count.Likes.ShouldBe(8);
        read.Likers.Count.ShouldBeInRange(LikeQuestion.PeopleMax - 1, LikeQuestion.PeopleMax);
        read.Likers.ShouldNotContain(u => u.Username == "crowd-7");
        (await ReadAsync(pinboard, crowd[0].Viewer, pin)).Likers[0].Username.ShouldBe("crowd-0");
    }

    static async Task<PinResponses> ReadAsync(TestPinboard pinboard, Viewer viewer, ObjectId<Pin> pin) =>
        await pinboard.Get<ResponseReader>().ReadAsync(viewer, await pinboard.Store.GetAsync(pin), default);

    static async Task<ObjectId<Pin>> AddPinAsync(TestPinboard pinboard, TestUser owner) =>
        await pinboard.AddPinAsync(owner, await pinboard.AddBoardAsync(owner, "Open"));
}
