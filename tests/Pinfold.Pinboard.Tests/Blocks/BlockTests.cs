using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Blocks;

/// <summary>While one blocks the other, neither follows the other.</summary>
public sealed class BlockTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABlockEndsFollowsBothWaysAndLetsNoneBegin(string engine)
    {
        var pinboard = engines[engine];
        var (people, boards, blocks) =
            (pinboard.Get<FollowService>(), pinboard.Get<BoardFollowService>(), pinboard.Get<BlockService>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-block"), await pinboard.AddUserAsync("mira-block"));
        var sea = await pinboard.AddBoardAsync(mira, "Sea");
        var rocks = await pinboard.AddBoardAsync(robin, "Rocks");
        var sand = await pinboard.AddBoardAsync(robin, "Sand");
        await people.FollowAsync(robin.Viewer, mira.Id, default);
        await boards.FollowAsync(robin.Viewer, sea, default);
        await people.FollowAsync(mira.Viewer, robin.Id, default);
        await boards.FollowAsync(mira.Viewer, rocks, default);
        await boards.LeaveOutAsync(mira.Viewer, sand, default);
        await pinboard.FollowAsync();

        await blocks.BlockAsync(robin.Viewer, mira.Id, default);

        var reads = pinboard.Get<FollowReader>();
        var counts = await reads.CountAsync(robin.Id, default);
        (counts.People, counts.Boards).ShouldBe((0, 0), "one's own end at once");
        (await Should.ThrowAsync<PinfoldException>(() => people.FollowAsync(robin.Viewer, mira.Id, default)))
            .Message.ShouldBe("You have blocked this person. Unblock them on their profile first.");
        await pinboard.SettleAsync();
        foreach (var person in new[] { robin, mira })
            (await reads.CountAsync(person.Id, default)).ShouldBe(new FollowCounts(0, 0, 0));
        (await pinboard.Store.CountAsync(UserLeavesOutBoard, mira.Id)).ShouldBe(0);
        foreach (var follow in new Func<Task>[]
        {
            () => people.FollowAsync(mira.Viewer, robin.Id, default),
            () => boards.FollowAsync(mira.Viewer, rocks, default),
        })
        {
            var refused = await Should.ThrowAsync<PinfoldException>(follow);
            (refused.Kind, refused.Message).ShouldBe(
                (ErrorKind.Forbidden, "This person cannot be followed."), "it does not say why");
        }

        await blocks.UnblockAsync(robin.Viewer, mira.Id, default);
        await pinboard.SettleAsync();
        await people.FollowAsync(mira.Viewer, robin.Id, default);
        await people.FollowAsync(robin.Viewer, mira.Id, default);
        await pinboard.SettleAsync();
        (await reads.CountAsync(robin.Id, default)).ShouldBe(new FollowCounts(1, 1, 0), "none comes back by itself");
    }

    [Fact]
    public async Task AFollowBeforeTheBlockWasHeardOfEndsWithIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (robin, mira) = (await pinboard.AddUserAsync("robin"), await pinboard.AddUserAsync("mira"));
        await pinboard.Get<BlockService>().BlockAsync(robin.Viewer, mira.Id, default);
        await pinboard.Get<FollowService>().FollowAsync(mira.Viewer, robin.Id, default);
        (await pinboard.Get<FollowReader>().CountAsync(mira.Id, default)).People.ShouldBe(1, "nobody follows yet");

        await pinboard.SettleAsync();

        (await pinboard.Get<FollowReader>().CountAsync(mira.Id, default)).People.ShouldBe(0);
        (await pinboard.Get<FollowReader>().CountAsync(robin.Id, default)).Followers.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WithWhomThereIsABlockIsOneRoundTripWhoeverMadeIt(string engine)
    {
        var pinboard = engines[engine];
        var (blocks, reads) = (pinboard.Get<BlockService>(), pinboard.Get<BlockReader>());
        var people = new List<TestUser>();
        for (var i = 0; i < 5; i++)
            people.Add(await pinboard.AddUserAsync($"blocks-{i}"));
        var me = people[0];
        await blocks.BlockAsync(me.Viewer, people[1].Id, default);
        await blocks.BlockAsync(me.Viewer, people[1].Id, default);
        await blocks.BlockAsync(people[2].Viewer, me.Id, default);
        await blocks.BlockAsync(me.Viewer, people[3].Id, default);
        await blocks.UnblockAsync(me.Viewer, people[3].Id, default);
        await pinboard.SettleAsync();

        using var trips = new RoundTrips(pinboard);
        (await reads.BlocksAsync(me.Viewer, [.. people.Select(p => p.Id)], default))
            .ShouldBe([people[1].Id, people[2].Id], ignoreOrder: true);
        trips.Reads.ShouldBe(1);
        (await reads.PageAsync(me.Viewer, null, default)).People.ShouldHaveSingleItem().Id.ShouldBe(people[1].Id);
        var follows = pinboard.Get<FollowReader>();
        (await follows.OfPersonAsync(me.Viewer, people[1].Id, default)).IsBlocked.ShouldBeTrue();
        (await follows.OfPersonAsync(me.Viewer, people[2].Id, default)).IsBlocked
            .ShouldBeFalse("what the other has done is not told");
        (await Should.ThrowAsync<PinfoldException>(() => blocks.BlockAsync(me.Viewer, me.Id, default)))
            .Kind.ShouldBe(ErrorKind.Invalid);
    }
}
