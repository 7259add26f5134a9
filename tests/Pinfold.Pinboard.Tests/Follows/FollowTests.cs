using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>People follow people.</summary>
public sealed class FollowTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFollowIsOneRoundTripWithItsCount(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (robin, mira) = (await pinboard.AddUserAsync("robin-trip"), await pinboard.AddUserAsync("mira-trip"));
        await pinboard.Store.FindAsync(mira.Id);

        using (var trips = new RoundTrips(pinboard))
        {
            await pinboard.Get<FollowService>().FollowAsync(robin.Viewer, mira.Id, default);
            (trips.Commits, trips.Reads).ShouldBe((1, 0));
        }
        (await pinboard.Store.CountAsync(UserFollowsUser, robin.Id)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AFollowOnceMoreIsStillOneAndBothSidesCountIt(string engine)
    {
        var pinboard = engines[engine];
        var (follows, reads) = (pinboard.Get<FollowService>(), pinboard.Get<FollowReader>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-once"), await pinboard.AddUserAsync("mira-once"));
        await follows.FollowAsync(robin.Viewer, mira.Id, default);
        var before = await pinboard.Store.PageAsync(UserFollowsUser, robin.Id, new PageRequest(10));
        await follows.FollowAsync(robin.Viewer, mira.Id, default);
        await pinboard.FollowAsync();

        var after = await pinboard.Store.PageAsync(UserFollowsUser, robin.Id, new PageRequest(10));
        after.Items.Select(e => (e.To, e.Sequence)).ShouldBe(before.Items.Select(e => (e.To, e.Sequence)));
        (await reads.CountAsync(robin.Id, default)).ShouldBe(new FollowCounts(0, 1, 0));
        (await reads.CountAsync(mira.Id, default)).ShouldBe(new FollowCounts(1, 0, 0));
        (await reads.FollowersAsync(mira.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(robin.Id);
        (await reads.FollowingAsync(robin.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(mira.Id);

        await follows.UnfollowAsync(robin.Viewer, mira.Id, default);
        await follows.UnfollowAsync(robin.Viewer, mira.Id, default);
        await pinboard.FollowAsync();
        (await reads.CountAsync(robin.Id, default)).ShouldBe(new FollowCounts(0, 0, 0));
        (await reads.CountAsync(mira.Id, default)).ShouldBe(new FollowCounts(0, 0, 0));
        (await reads.FollowersAsync(mira.Id, null, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task NobodyFollowsThemselvesOrSomebodyWhoIsNotThere()
    {
        var pinboard = engines["SQLite"];
        var follows = pinboard.Get<FollowService>();
        var robin = await pinboard.AddUserAsync("robin-self");
        var nobody = User.Type.Id(new ObjectId(robin.Id.Shard, User.Type.Number, ObjectId.LocalMax));

        (await Should.ThrowAsync<PinfoldException>(() => follows.FollowAsync(robin.Viewer, robin.Id, default)))
            .Message.ShouldStartWith("This is you.");
        (await Should.ThrowAsync<PinfoldException>(() => follows.FollowAsync(robin.Viewer, nobody, default)))
            .Kind.ShouldBe(ErrorKind.NotFound);
        (await pinboard.Store.CountAsync(UserFollowsUser, robin.Id)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhichOfFiftyPeopleOneFollowsIsOneRoundTrip(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var robin = await pinboard.AddUserAsync("robin-fifty");
        var ids = Enumerable.Range(1, 50)
            .Select(i => User.Type.Id(new ObjectId(new ShardId(i % 2), User.Type.Number, 1_000_000 + i))).ToList();
        var transaction = pinboard.Store.Begin(robin.Id.Shard);
        foreach (var id in ids.Take(20))
            transaction.Put(UserFollowsUser, robin.Id, id, 1);
        await transaction.CommitAsync();
        var reads = pinboard.Get<FollowReader>();

        using var trips = new RoundTrips(pinboard);
        (await reads.FollowsAsync(robin.Viewer, ids, default)).ShouldBe(ids.Take(20), ignoreOrder: true);
        trips.Reads.ShouldBe(1);
        (await reads.FollowsAsync(Viewer.Anybody, ids, default)).ShouldBeEmpty();
        (await Should.ThrowAsync<PinfoldException>(
            () => reads.FollowsAsync(robin.Viewer, [.. ids, robin.Id], default))).Message.ShouldContain("50");
    }

    [Fact]
    public async Task TenThousandPeopleAreFollowedAtMost()
    {
        await using var pinboard = await engines.StartQuietAsync("SQLite");
        var (robin, mira) = (await pinboard.AddUserAsync("robin-limit"), await pinboard.AddUserAsync("mira-limit"));
        foreach (var part in Enumerable.Range(1, FollowService.PeopleMax).Chunk(1000))
        {
            var transaction = pinboard.Store.Begin(robin.Id.Shard);
            foreach (var i in part)
                transaction.Put(UserFollowsUser, robin.Id,
                    User.Type.Id(new ObjectId(robin.Id.Shard, User.Type.Number, 2_000_000 + i)), 1);
            await transaction.CommitAsync();
        }

        var error = await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Get<FollowService>().FollowAsync(robin.Viewer, mira.Id, default));

        (error.Kind, error.Message).ShouldBe((ErrorKind.LimitExceeded,
            "You follow 10,000 people, and more is not possible. Unfollow somebody first."));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ManyFollowersComeInPagesNewestFirst(string engine)
    {
        var pinboard = engines[engine];
        var (mira, reads) = (await pinboard.AddUserAsync("mira-pages"), pinboard.Get<FollowReader>());
        var followers = new List<TestUser>();
        for (var i = 0; i < 7; i++)
            followers.Add(await pinboard.AddUserAsync($"follower-{i}"));
        for (var i = 0; i < 110; i++)
        {
            // Of a hundred there is nothing any more but the entry: they are passed over, and no page is empty for it.
            var id = i % 16 == 0 ? followers[i / 16].Id
                : User.Type.Id(new ObjectId(mira.Id.Shard, User.Type.Number, 3_000_000 + i));
            var transaction = pinboard.Store.Begin(id.Shard);
            transaction.Put(UserFollowsUser, id, mira.Id, i);
            await transaction.CommitAsync();
        }
        await pinboard.FollowAsync();

        var first = await reads.FollowersAsync(mira.Id, null, default);

        first.Items.Select(u => u.Body.Username)
            .ShouldBe(Enumerable.Range(0, 7).Reverse().Select(i => $"follower-{i}"));
        first.Next.ShouldBeNull();
    }
}
