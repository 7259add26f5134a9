using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Pins;

public sealed class PinTests
{
    [Fact]
    public async Task EveryCountStaysExactWhateverIsDone()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var boards = new[] { await pinboard.AddBoardAsync(mira, "A"), await pinboard.AddBoardAsync(mira, "B") };
        var sections = new Dictionary<ObjectId<Board>, ObjectId<Section>[]>();
        foreach (var board in boards)
            sections[board] =
                [default, await pinboard.Boards.GetOrCreateSectionAsync(board, "x", default),
                    await pinboard.Boards.GetOrCreateSectionAsync(board, "y", default)];
        var random = new Random(20_11);
        var pins = new List<ObjectId<Pin>>();

        for (var step = 0; step < 120; step++)
        {
            var board = boards[random.Next(2)];
            var (section, isSecret) = (sections[board][random.Next(3)], random.Next(3) == 0);
            switch (random.Next(4))
            {
                case 0 when pins.Count > 0:
                    var gone = pins[random.Next(pins.Count)];
                    await pinboard.Pins.DeleteAsync(mira.Viewer, gone, default);
                    pins.Remove(gone);
                    break;
                case 1 or 2 when pins.Count > 0:
                    await pinboard.Pins.UpdateAsync(
                        mira.Viewer, pins[random.Next(pins.Count)], $"{step}", null, null, isSecret, board, section,
                        default);
                    break;
                default:
                    pins.Add(
                        await pinboard.Pins.CreateAsync(
                            mira.Id, new NewPin(board) { Section = section, IsSecret = isSecret }, default));
                    break;
            }
        }

        var bodies = (await pinboard.Store.FindManyAsync(pins)).Select(p => p!.Body).ToList();
        await ShouldHoldAsync(pinboard, UserHasPins, mira.Id, bodies.Count);
        await ShouldHoldAsync(pinboard, UserHasPublicPins, mira.Id, bodies.Count(b => !b.IsSecret));
        foreach (var board in boards)
        {
            await ShouldHoldAsync(pinboard, BoardHasPins, board, bodies.Count(b => b.Board == board));
            await ShouldHoldAsync(
                pinboard, BoardHasPublicPins, board, bodies.Count(b => b.Board == board && !b.IsSecret));
            foreach (var section in sections[board].Where(s => !s.IsNone))
            {
                await ShouldHoldAsync(pinboard, SectionHasPins, section, bodies.Count(b => b.Section == section));
                await ShouldHoldAsync(
                    pinboard, SectionHasPublicPins, section, bodies.Count(b => b.Section == section && !b.IsSecret));
            }
            var stored = await pinboard.Store.GetAsync(board);
            (await pinboard.BoardReader.CountAsync(mira.Viewer, stored, default))
                .ShouldBe(bodies.Count(b => b.Board == board));
            (await pinboard.BoardReader.CountAsync(Viewer.Anybody, stored, default))
                .ShouldBe(bodies.Count(b => b.Board == board && !b.IsSecret));
        }
    }

    [Fact]
    public async Task AMovedPinKeepsItsPlaceInTime()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (from, to) = (await pinboard.AddBoardAsync(mira, "From"), await pinboard.AddBoardAsync(mira, "To"));
        var times = Enumerable.Range(0, 3).Select(i => DateTimeOffset.UnixEpoch.AddDays(i)).ToArray();
        var old = await pinboard.Pins.CreateAsync(mira.Id, new NewPin(to) { CreatedAt = times[0] }, default);
        var moved = await pinboard.Pins.CreateAsync(mira.Id, new NewPin(from) { CreatedAt = times[1] }, default);
        var young = await pinboard.Pins.CreateAsync(mira.Id, new NewPin(to) { CreatedAt = times[2] }, default);

        await pinboard.Pins.UpdateAsync(mira.Viewer, moved, "moved", null, null, false, to, default, default);

        (await pinboard.PageAsync(Viewer.Anybody, to)).Pins.Select(p => p.Id)
            .ShouldBe([young, moved, old]);
        (await pinboard.PageAsync(Viewer.Anybody, from)).Pins.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASectionOfAnotherBoardIsRefused()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (board, other) = (await pinboard.AddBoardAsync(mira, "Board"), await pinboard.AddBoardAsync(mira, "Other"));
        var section = await pinboard.Boards.GetOrCreateSectionAsync(other, "North", default);
        var pin = await pinboard.AddPinAsync(mira, board);

        var refusal = await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Pins.UpdateAsync(mira.Viewer, pin, "", null, null, false, board, section, default));

        refusal.Kind.ShouldBe(ErrorKind.NotFound);
        (await pinboard.Store.CountAsync(SectionHasPins, section)).ShouldBe(0);
        (await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Section = section }, default)))
                .Kind.ShouldBe(ErrorKind.NotFound);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://host/file")]
    [InlineData("not an address")]
    public async Task ALinkLeadsToTheWebOrIsRefused(string link)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Board");

        (await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Link = link }, default)))
            .Message.ShouldContain("https://");
        (await pinboard.Store.CountAsync(UserHasPins, mira.Id)).ShouldBe(0);
    }

    /// <summary>The count says so many, and paging through finds exactly as many, none twice.</summary>
    static async Task ShouldHoldAsync<TFrom>(
        TestPinboard pinboard, Mapping<TFrom, Pin> mapping, ObjectId<TFrom> from, int count)
        where TFrom : class
    {
        var found = new HashSet<ObjectId<Pin>>();
        string? cursor = null;
        do
        {
            var page = await pinboard.Store.PageAsync(mapping, from, new PageRequest(7) { Cursor = cursor });
            page.Items.ShouldAllBe(e => found.Add(e.To));
            cursor = page.Next;
        }
        while (cursor is not null);
        found.Count.ShouldBe(count, $"{mapping}");
        (await pinboard.Store.CountAsync(mapping, from)).ShouldBe(count, $"{mapping}");
    }
}
