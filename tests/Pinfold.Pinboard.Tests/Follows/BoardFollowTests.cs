using Pinfold.Pinboard.Follows;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>People follow boards: by themselves, or with their owner unless they leave one out.</summary>
public sealed class BoardFollowTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABoardIsFollowedByItselfOrWithItsOwnerUnlessItIsLeftOut(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var (people, boards) = (pinboard.Get<FollowService>(), pinboard.Get<BoardFollowService>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-board"), await pinboard.AddUserAsync("mira-board"));
        var (sea, garden) = (await pinboard.AddBoardAsync(mira, "Sea"), await pinboard.AddBoardAsync(mira, "Garden"));
        await pinboard.Store.GetAsync(sea);

        using (var trips = new RoundTrips(pinboard))
        {
            await boards.FollowAsync(robin.Viewer, sea, default);
            (trips.Commits, trips.Reads).ShouldBe((1, 0));
        }
        await boards.FollowAsync(robin.Viewer, sea, default);
        (await StatesAsync()).ShouldBe([BoardFollow.ByItself, BoardFollow.None]);
        (await pinboard.Get<FollowReader>().CountAsync(robin.Id, default)).Boards.ShouldBe(1);

        (await Should.ThrowAsync<PinfoldException>(() => boards.LeaveOutAsync(robin.Viewer, garden, default)))
            .Message.ShouldContain("You do not follow the owner");
        await people.FollowAsync(robin.Viewer, mira.Id, default);
        (await StatesAsync()).ShouldBe([BoardFollow.ByItself, BoardFollow.WithItsOwner]);
        await boards.LeaveOutAsync(robin.Viewer, garden, default);
        await boards.LeaveOutAsync(robin.Viewer, garden, default);
        await boards.LeaveOutAsync(robin.Viewer, sea, default);
        (await StatesAsync()).ShouldBe([BoardFollow.LeftOut, BoardFollow.LeftOut]);
        await boards.TakeBackInAsync(robin.Viewer, garden, default);
        await boards.FollowAsync(robin.Viewer, sea, default);
        (await StatesAsync()).ShouldBe([BoardFollow.ByItself, BoardFollow.WithItsOwner]);

        await boards.LeaveOutAsync(robin.Viewer, garden, default);
        await people.UnfollowAsync(robin.Viewer, mira.Id, default);
        (await StatesAsync()).ShouldBe([BoardFollow.ByItself, BoardFollow.None], "a board that is followed stays so");
        await people.FollowAsync(robin.Viewer, mira.Id, default);
        (await StatesAsync()).ShouldBe([BoardFollow.ByItself, BoardFollow.WithItsOwner], "what was left out is not");
        await boards.UnfollowAsync(robin.Viewer, sea, default);
        await boards.UnfollowAsync(robin.Viewer, sea, default);
        (await StatesAsync()).ShouldBe([BoardFollow.WithItsOwner, BoardFollow.WithItsOwner]);

        async Task<IReadOnlyList<BoardFollow>> StatesAsync()
        {
            using var trips = new RoundTrips(pinboard);
            var states = await pinboard.Get<FollowReader>()
                .FollowsAsync(robin.Viewer, [(sea, mira.Id), (garden, mira.Id)], default);
            trips.Reads.ShouldBe(1);
            return states;
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABoardCountsWhoFollowsItByItself(string engine)
    {
        var pinboard = engines[engine];
        var (boards, reads) = (pinboard.Get<BoardFollowService>(), pinboard.Get<FollowReader>());
        var (robin, mira) = (await pinboard.AddUserAsync("robin-count"), await pinboard.AddUserAsync("mira-count"));
        var sea = await pinboard.AddBoardAsync(mira, "Sea");
        await boards.FollowAsync(robin.Viewer, sea, default);
        await pinboard.SettleAsync();
        (await reads.CountAsync(sea, default)).ShouldBe(1);

        await boards.UnfollowAsync(robin.Viewer, sea, default);
        await pinboard.SettleAsync();

        (await reads.CountAsync(sea, default)).ShouldBe(0);
        (await reads.CountAsync(robin.Id, default)).Boards.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ASecretBoardIsFollowedByNobodyAndAnswersAsOneThatNeverWas(string engine)
    {
        var pinboard = engines[engine];
        var boards = pinboard.Get<BoardFollowService>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-secret"), await pinboard.AddUserAsync("mira-secret"));
        var secret = await pinboard.AddBoardAsync(mira, "Secret", isSecret: true);
        var never = Board.Type.Id(new ObjectId(secret.Shard, Board.Type.Number, ObjectId.LocalMax));
        await pinboard.Get<FollowService>().FollowAsync(robin.Viewer, mira.Id, default);

        foreach (var verb in new Func<ObjectId<Board>, Task>[]
        {
            id => boards.FollowAsync(robin.Viewer, id, default), id => boards.LeaveOutAsync(robin.Viewer, id, default),
        })
        {
            var (one, other) = (await Should.ThrowAsync<PinfoldException>(() => verb(secret)),
                await Should.ThrowAsync<PinfoldException>(() => verb(never)));
            (one.Kind, one.Message).ShouldBe((other.Kind, other.Message));
            one.Kind.ShouldBe(ErrorKind.NotFound);
        }
        (await pinboard.Store.CountAsync(UserFollowsBoard, robin.Id)).ShouldBe(0);
        (await Should.ThrowAsync<PinfoldException>(() => boards.FollowAsync(mira.Viewer, secret, default)))
            .Message.ShouldStartWith("This board is yours.");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABoardThatTurnsSecretIsInNobodysListAtOnceAndItsFollowsEnd(string engine)
    {
        var pinboard = engines[engine];
        var reads = pinboard.Get<FollowReader>();
        var (robin, mira) = (await pinboard.AddUserAsync("robin-turned"), await pinboard.AddUserAsync("mira-turned"));
        var (board, other) = (await pinboard.AddBoardAsync(mira, "Board"), await pinboard.AddBoardAsync(mira, "Other"));
        foreach (var id in new[] { board, other })
            await pinboard.Get<BoardFollowService>().FollowAsync(robin.Viewer, id, default);
        await pinboard.FollowAsync();

        await pinboard.Boards.UpdateAsync(mira.Viewer, board, "Board", null, isSecret: true, default);

        (await reads.BoardsAsync(robin.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(other);
        await pinboard.SettleAsync();
        (await reads.CountAsync(robin.Id, default)).Boards.ShouldBe(1);
        (await reads.CountAsync(board, default)).ShouldBe(0);
        await pinboard.Boards.UpdateAsync(mira.Viewer, board, "Board", null, isSecret: false, default);
        await pinboard.FollowAsync();
        (await reads.BoardsAsync(robin.Id, null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(other);
    }
}
