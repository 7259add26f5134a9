using Pinfold.Pinboard.Pins;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>The boards that a person is offered for a pin.</summary>
public sealed class BoardsToChooseTests
{
    [Fact]
    public async Task TheOneUsedLastIsFirstTheRestNewestFirstEachWithItsSections()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var mira = await pinboard.AddUserAsync("mira");
        var boards = new List<Pinfold.Sharding.ObjectId<Board>>();
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            boards.Add(await pinboard.AddBoardAsync(mira, name));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        var section = await pinboard.Boards.GetOrCreateSectionAsync(boards[1], "Steep", default);
        (await NamesAsync()).ShouldBe("dcba");

        await UseAsync(1);
        await UseAsync(0);
        // An earlier time, as of what is imported, is no earlier use.
        await pinboard.Pins.CreateAsync(
            mira.Id, new NewPin(boards[0]) { CreatedAt = DateTimeOffset.UnixEpoch }, default);
        (await NamesAsync()).ShouldBe("abdc");
        (await pinboard.Boards.ListToChooseAsync(mira.Id, default))[1].Sections.Single().Id.ShouldBe(section);

        await UseAsync(2);
        (await NamesAsync()).ShouldBe("cabd");
        await pinboard.Boards.DeleteAsync(mira.Viewer, boards[2], default);
        (await NamesAsync()).ShouldBe("abd");
        (await pinboard.Store.CountAsync(PinboardModel.UserUsedBoards, mira.Id)).ShouldBe(2);

        async Task UseAsync(int board)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await pinboard.AddPinAsync(mira, boards[board]);
        }

        async Task<string> NamesAsync() => string.Concat(
            (await pinboard.Boards.ListToChooseAsync(mira.Id, default)).Select(choice => choice.Board.Body.Name));
    }
}
