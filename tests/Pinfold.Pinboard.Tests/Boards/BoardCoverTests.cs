using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>A board that loses a cover takes the next newest picture, whichever way its pin left.</summary>
public sealed class BoardCoverTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ADeletedCoverIsReplaced(string engine)
    {
        var (pinboard, mira, board, pins) = await FilledAsync(engine, "deleted");
        await pinboard.Pins.DeleteAsync(mira.Viewer, pins[2], default);
        (await CoversAsync(pinboard, board)).ShouldBe([pins[1], pins[0], pins[4]]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AMovedCoverIsReplacedAndCoversTheBoardItWentTo(string engine)
    {
        var (pinboard, mira, board, pins) = await FilledAsync(engine, "moved");
        var other = await pinboard.AddBoardAsync(mira, "Other");
        await pinboard.Pins.UpdateAsync(mira.Viewer, pins[2], "", null, null, false, other, default, default);
        (await CoversAsync(pinboard, board)).ShouldBe([pins[1], pins[0], pins[4]]);
        await pinboard.FollowAsync();
        (await CoversAsync(pinboard, other)).ShouldBe([pins[2]]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ACoverThatTurnsSecretIsReplaced(string engine)
    {
        var (pinboard, mira, board, pins) = await FilledAsync(engine, "secret");
        await pinboard.Pins.UpdateAsync(mira.Viewer, pins[2], "", null, null, true, board, default, default);
        (await CoversAsync(pinboard, board)).ShouldBe([pins[1], pins[0], pins[4]]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task NoSecretPinAndNoPinWithoutAPictureTakesThePlace(string engine)
    {
        var (pinboard, mira, board, pins) = await FilledAsync(engine, "bare");
        foreach (var pin in pins[3..])
            await pinboard.Pins.UpdateAsync(mira.Viewer, pin, "", null, null, true, board, default, default);
        await pinboard.AddPinAsync(mira, board, "A bookmark");
        await pinboard.Pins.DeleteAsync(mira.Viewer, pins[2], default);
        (await CoversAsync(pinboard, board)).ShouldBe([pins[1], pins[0]]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APinThatTurnsSecretMeanwhileIsNotPutInThePlace(string engine)
    {
        var (pinboard, mira, board, pins) = await FilledAsync(engine, "race");
        var late = pinboard.Store.Begin(board.Shard);
        var leaving = await pinboard.Store.GetAsync(pins[2]);
        await pinboard.Get<BoardCovers>().TakeOffAsync(
            late, await pinboard.Store.GetAsync(board), [leaving], default);
        await pinboard.Pins.UpdateAsync(mira.Viewer, pins[4], "", null, null, true, board, default, default);
        (await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync(default))).Kind.ShouldBe(ErrorKind.Conflict);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APinThatIsMadeACoverMeanwhileDoesNotLeaveUnseenAndIsNotWrittenForThat(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("unseen");
        var board = await pinboard.AddBoardAsync(owner, "Pictures");
        var id = await pinboard.Pins.CreateAsync(
            owner.Id, new NewPin(board) { Picture = Ready('f') }, default);
        var pin = await pinboard.Store.GetAsync(id);
        var late = pinboard.Store.Begin(board.Shard);
        late.Delete(pin);
        await pinboard.Get<BoardCovers>().TakeOffAsync(late, await pinboard.Store.GetAsync(board), [pin], default);
        await pinboard.PinPictures.OfferCoverAsync(pin, isNew: false, default);
        (await Should.ThrowAsync<PinfoldException>(() => late.CommitAsync(default))).Kind.ShouldBe(ErrorKind.Conflict);
        (await CoversAsync(pinboard, board)).ShouldBe([id]);
        (await pinboard.PinPictures.FindAsync(id, default)).ShouldBe(pin);

        await pinboard.Pins.DeleteAsync(owner.Viewer, id, default);
        (await CoversAsync(pinboard, board)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task APinThatTurnsSecretWhileItIsOfferedIsNoCover(string engine)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync("offered");
        for (var round = 0; round < 40; round++)
        {
            var board = await pinboard.AddBoardAsync(owner, $"Pictures {round}");
            var pin = await pinboard.Store.GetAsync(await pinboard.Pins.CreateAsync(
                owner.Id, new NewPin(board) { Picture = Ready('g') }, default));
            await Task.WhenAll(
                Task.Run(() => pinboard.PinPictures.OfferCoverAsync(pin, isNew: false, default)),
                Task.Run(() => pinboard.Pins.UpdateAsync(
                    owner.Viewer, pin.Id, "", null, null, true, board, default, default)));
            (await CoversAsync(pinboard, board)).ShouldBeEmpty();
        }
    }

    /// <summary>Five pictures on a board; the three that were pinned last are its covers.</summary>
    async Task<(TestPinboard, TestUser, ObjectId<Board>, ObjectId<Pin>[])> FilledAsync(string engine, string name)
    {
        var pinboard = engines[engine];
        var owner = await pinboard.AddUserAsync(name);
        var board = await pinboard.AddBoardAsync(owner, "Pictures");
        var pins = new ObjectId<Pin>[5];
        foreach (var i in (int[])[3, 4, 0, 1, 2])
        {
            pins[i] = await pinboard.Pins.CreateAsync(owner.Id, new NewPin(board)
            {
                Picture = Ready((char)('a' + i)),
                CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + i),
            }, default);
            await pinboard.FollowAsync(); // those that wait together are offered in any order
        }
        (await CoversAsync(pinboard, board)).ShouldBe([pins[2], pins[1], pins[0]]);
        return (pinboard, owner, board, pins);
    }

    static PinPicture Ready(char hash) =>
        new(PictureState.Ready, new string(hash, 64), null, 30, 20, "#808080", 0, null);

    static async Task<IEnumerable<ObjectId<Pin>>> CoversAsync(TestPinboard pinboard, ObjectId<Board> board) =>
        ((await pinboard.Store.GetAsync(board)).Body.Covers ?? []).Select(cover => cover.Pin);
}
