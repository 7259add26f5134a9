using System.Collections.Concurrent;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>
/// What is put on a board while it is deleted is gone with it, or was refused; nothing is left in between.
/// </summary>
public sealed class DeletionRaceTests
{
    const int Rounds = 25;
    const int Writers = 6;

    [Fact]
    public async Task APinIsMadeOnADeletedBoardOrNotAtAll()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var made = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var board = await pinboard.AddBoardAsync(mira, $"Board {round}");
            var writes = Race(() => pinboard.Pins.CreateAsync(mira.Id, new NewPin(board), default));
            await SomeAsync(writes, round % Writers);
            await pinboard.Boards.DeleteAsync(mira.Viewer, board, default);
            made += (await Task.WhenAll(writes)).Count(w => w);
            (await Should.ThrowAsync<PinfoldException>(() => pinboard.AddPinAsync(mira, board)))
                .Kind.ShouldBe(ErrorKind.NotFound);
            (await pinboard.Store.CountAsync(BoardHasPins, board)).ShouldBe(0);
        }
        made.ShouldBeGreaterThan(Rounds);
        await ShouldHaveNoPinsAsync(pinboard, mira);
    }

    [Fact]
    public async Task APinIsMovedToADeletedBoardAndGoneOrStaysWhereItWas()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var home = await pinboard.AddBoardAsync(mira, "Home");
        for (var round = 0; round < Rounds; round++)
        {
            var board = await pinboard.AddBoardAsync(mira, $"Board {round}");
            var pins = await pinboard.Pins.CreateManyAsync(
                mira.Id, [.. Enumerable.Repeat(new NewPin(home), Writers)], default);
            var left = new ConcurrentQueue<ObjectId<Pin>>(pins);
            var writes = Race(() => pinboard.Pins.UpdateAsync(
                mira.Viewer, Next(left), null, null, null, false, board, default, default));
            await SomeAsync(writes, round % Writers);
            await pinboard.Boards.DeleteAsync(mira.Viewer, board, default);
            var moved = await Task.WhenAll(writes);

            var there = (await pinboard.Store.FindManyAsync(pins)).OfType<Stored<Pin>>().ToList();
            there.ShouldAllBe(p => p.Body.Board == home);
            there.Count.ShouldBe(moved.Count(m => !m));
            (await pinboard.Store.CountAsync(BoardHasPins, board)).ShouldBe(0);
            (await pinboard.Store.CountAsync(BoardHasPins, home)).ShouldBe(there.Count);
            foreach (var pin in there)
                await pinboard.Pins.DeleteAsync(mira.Viewer, pin.Id, default);
        }
        await ShouldHaveNoPinsAsync(pinboard, mira);
    }

    [Fact]
    public async Task APinIsNeverLeftInADeletedSection()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Board");
        var made = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var section = await pinboard.Boards.GetOrCreateSectionAsync(board, $"Section {round}", default);
            var writes = Race(() =>
                pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Section = section }, default));
            await SomeAsync(writes, round % Writers);
            await pinboard.Boards.DeleteSectionAsync(mira.Viewer, section, default);
            made += (await Task.WhenAll(writes)).Count(w => w);
            (await pinboard.Store.CountAsync(SectionHasPins, section)).ShouldBe(0);
        }
        var page = await pinboard.Store.PageAsync(BoardHasPins, board, new PageRequest(500));
        page.Items.Count.ShouldBe(made);
        (await pinboard.Store.FindManyAsync([.. page.Items.Select(e => e.To)]))
            .ShouldAllBe(p => p!.Body.Section.IsNone);
    }

    [Fact]
    public async Task APinThatIsDeletedAndMovedAtOnceIsGoneFromEveryList()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (from, to) = (await pinboard.AddBoardAsync(mira, "From"), await pinboard.AddBoardAsync(mira, "To"));
        for (var round = 0; round < Rounds; round++)
        {
            var pin = await pinboard.AddPinAsync(mira, from);
            var moves = Race(() =>
                pinboard.Pins.UpdateAsync(mira.Viewer, pin, "x", null, null, false, to, default, default));
            await SomeAsync(moves, round % Writers);
            await pinboard.Pins.DeleteAsync(mira.Viewer, pin, default);
            await Task.WhenAll(moves);
        }
        await ShouldHaveNoPinsAsync(pinboard, mira);
        (await pinboard.Store.CountAsync(BoardHasPins, from)).ShouldBe(0);
        (await pinboard.Store.CountAsync(BoardHasPins, to)).ShouldBe(0);
    }

    [Fact]
    public async Task APinThatComesBackWhileItsBoardIsEmptiedKeepsItsPlaceOrGoesToo()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (home, board) = (await pinboard.AddBoardAsync(mira, "Home"), await pinboard.AddBoardAsync(mira, "Board"));
        for (var round = 0; round < 4 * Rounds; round++)
        {
            var pin = await pinboard.AddPinAsync(mira, home);
            await Task.WhenAll(
                Task.Run(() => pinboard.Pins.DeleteFromAsync(mira.Id, board, [pin], null, default)),
                Task.Run(() => pinboard.Pins.UpdateAsync(
                    mira.Viewer, pin, null, null, null, false, board, default, default)));
        }
        await PinboardAudit.RunAsync(pinboard.Store, mira.Id, [home, board], []);
    }

    /// <summary>Writes at once; each says whether it was done, or else that its place was not there.</summary>
    static List<Task<bool>> Race(Func<Task> write)
    {
        return [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync))];

        async Task<bool> WriteAsync()
        {
            try
            {
                await write();
                return true;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
            {
                return false;
            }
        }
    }

    /// <summary>Waits until so many of them are over, so that each round meets them elsewhere.</summary>
    static async Task SomeAsync(List<Task<bool>> writes, int count)
    {
        if (count == 0)
            return;
        await foreach (var _ in Task.WhenEach(writes))
            if (--count <= 0)
                break;
    }

    static ObjectId<Pin> Next(ConcurrentQueue<ObjectId<Pin>> pins) =>
        pins.TryDequeue(out var pin) ? pin : throw new InvalidOperationException("One for each writer.");

    static async Task ShouldHaveNoPinsAsync(TestPinboard pinboard, TestUser user)
    {
        (await pinboard.Store.CountAsync(UserHasPins, user.Id)).ShouldBe(0);
        (await pinboard.Store.PageAsync(UserHasPins, user.Id, new PageRequest(10))).Items.ShouldBeEmpty();
    }
}
