using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Boards;

public sealed class BoardTests
{
    [Fact]
    public async Task BoardsOfOneNameThatAreMadeAtOnceHaveAddressesOfTheirOwn()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pinboard.AddBoardAsync(mira, "Small kitchens")));

        var slugs = (await pinboard.Boards.ListAsync(mira.Id, default)).Select(BoardService.SlugOf);
        slugs.ShouldBe(
            [.. Enumerable.Range(2, 19).Select(n => $"small-kitchens-{n}"), "small-kitchens"], ignoreOrder: true);
    }

    [Fact]
    public async Task SectionsOfOneNameThatAreMadeAtOnceAreOne()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Sea");
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            pinboard.Boards.GetOrCreateSectionAsync(board, $"Part {i % 3}", default))));
        made.Distinct().Count().ShouldBe(3);
        (await pinboard.Boards.ListSectionsAsync(board, default)).Select(s => s.Body.Name)
            .ShouldBe(["Part 0", "Part 1", "Part 2"], ignoreOrder: true);
    }

    [Fact]
    public async Task OnePersonHasSoManyBoardsAndNoMore()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        // All but the last as an import of earlier times might have left them, in few transactions.
        foreach (var part in Enumerable.Range(0, Board.OfOnePersonMax - 1).Chunk(250))
        {
            var transaction = pinboard.Store.Begin(mira.Id.Shard);
            foreach (var i in part)
            {
                var board =
                    transaction.Create(new Board(mira.Id, $"b{i}", $"b{i}", null, false, DateTimeOffset.UnixEpoch));
                transaction.Put(UserHasBoards, mira.Id, board, i, System.Text.Encoding.UTF8.GetBytes($"b{i}"));
            }
            await transaction.CommitAsync();
        }

        await pinboard.AddBoardAsync(mira, "The last");
        var refusal = await Should.ThrowAsync<PinfoldException>(() => pinboard.AddBoardAsync(mira, "One too many"));

        refusal.Kind.ShouldBe(ErrorKind.LimitExceeded);
        refusal.Message.ShouldContain($"{Board.OfOnePersonMax}");
        (await pinboard.Profiles.FindAsync(Viewer.Anybody, "mira", default))!.Boards[0].Board.Name.ShouldBe("The last");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \t")]
    [InlineData(null)]
    public async Task ABoardNeedsAName(string? name)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");

        (await Should.ThrowAsync<PinfoldException>(() => pinboard.AddBoardAsync(mira, name!)))
            .Kind.ShouldBe(ErrorKind.Invalid);
        (await Should.ThrowAsync<PinfoldException>(() => pinboard.AddBoardAsync(mira, new string('x', 10_000))))
            .Message.ShouldContain("80");
        (await pinboard.Boards.ListAsync(mira.Id, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARenamedBoardKeepsItsAddress()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Hills");

        await pinboard.Boards.UpdateAsync(mira.Viewer, board, "Mountains", "High ones", isSecret: false, default);

        var found = (await pinboard.Boards.FindAsync(Viewer.Anybody, mira.Id, "hills", default)).ShouldNotBeNull();
        (found.Id, found.Body.Name, found.Body.Description).ShouldBe((board, "Mountains", "High ones"));
        (await pinboard.Boards.FindAsync(mira.Viewer, mira.Id, "mountains", default)).ShouldBeNull();
    }

    [Fact]
    public async Task ThatASecretBoardHasTheNameAlreadyIsNotToldByAnAddress()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var secret = await pinboard.AddBoardAsync(mira, "Garden", isSecret: true);

        var open = await pinboard.AddBoardAsync(mira, "Garden");
        var another = await pinboard.AddBoardAsync(mira, "Garden");

        foreach (var (viewer, slug, board) in new[]
            {
                (Viewer.Anybody, "garden", open), (mira.Viewer, "garden", open), (mira.Viewer, "garden-2", another),
                (mira.Viewer, "garden-3", secret),
            })
            (await pinboard.Boards.FindAsync(viewer, mira.Id, slug, default)).ShouldNotBeNull().Id
                .ShouldBe(board, slug);
        (await pinboard.Boards.FindAsync(mira.Viewer, mira.Id, "garden-3", default))!.Body.Slug.ShouldBe("garden-3");
        (await pinboard.Boards.FindAsync(Viewer.Anybody, mira.Id, "garden-3", default)).ShouldBeNull();
    }

    [Fact]
    public async Task OnlyTheOwnerChangesOrDeletesABoard()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, ida) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("ida"));
        var (open, secret) =
            (await pinboard.AddBoardAsync(mira, "Open"), await pinboard.AddBoardAsync(mira, "Secret", isSecret: true));

        (await KindAsync(open)).ShouldBe([ErrorKind.Forbidden, ErrorKind.Forbidden, ErrorKind.Forbidden]);
        (await KindAsync(secret))
            .ShouldBe(
                [ErrorKind.NotFound, ErrorKind.NotFound, ErrorKind.NotFound], "what one may not see is not there");

        async Task<ErrorKind[]> KindAsync(ObjectId<Board> board) =>
        [
            (await Should.ThrowAsync<PinfoldException>(
                () => pinboard.Boards.UpdateAsync(ida.Viewer, board, "x", null, false, default))).Kind,
            (await Should.ThrowAsync<PinfoldException>(
                () => pinboard.Boards.DeleteAsync(ida.Viewer, board, default))).Kind,
            (await Should.ThrowAsync<PinfoldException>(() => pinboard.AddPinAsync(ida, board))).Kind,
        ];
    }

    [Fact]
    public async Task ADeletedBoardTakesItsPinsSectionsAndCountsWithIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (gone, kept) = (await pinboard.AddBoardAsync(mira, "Gone"), await pinboard.AddBoardAsync(mira, "Kept"));
        var section = await pinboard.Boards.GetOrCreateSectionAsync(gone, "North", default);
        var pins = await pinboard.Pins.CreateManyAsync(mira.Id,
            [.. Enumerable.Range(0, 120)
                .Select(i =>
                    new NewPin(
                        gone) { Title = $"{i}", Section = i % 3 == 0 ? section
                        : default, IsSecret = i % 5 == 0, ImportKey = $"key {i}" })],
            default);
        var other = await pinboard.AddPinAsync(mira, kept, "stays");

        await pinboard.Boards.DeleteAsync(mira.Viewer, gone, default);

        (await pinboard.Boards.ListAsync(mira.Id, default)).Select(b => b.To).ShouldBe([kept]);
        (await pinboard.Store.FindManyAsync(pins)).ShouldAllBe(p => p == null);
        (await pinboard.Store.FindAsync(section)).ShouldBeNull();
        (await pinboard.Store.FindAsync(gone)).ShouldBeNull();
        (await pinboard.Store.PageAsync(UserHasPins, mira.Id, new PageRequest(500))).Items.Select(e => e.To)
            .ShouldBe([other]);
        (await pinboard.Store.CountAsync(UserHasPins, mira.Id)).ShouldBe(1);
        (await pinboard.Store.CountAsync(BoardHasPins, gone)).ShouldBe(0);
        (await pinboard.Store.CountAsync(BoardHasPublicPins, gone)).ShouldBe(0);
        (await pinboard.Store.CountAsync(UserHasPublicPins, mira.Id)).ShouldBe(1);
        (await pinboard.Store.CountAsync(UserHasPublicBoards, mira.Id)).ShouldBe(1);
        (await pinboard.Store.CountAsync(SectionHasPublicPins, section)).ShouldBe(0);
        (await pinboard.Store.CountAsync(SectionHasPins, section)).ShouldBe(0);
        (await pinboard.Store.CountAsync(BoardHasSections, gone)).ShouldBe(0);
        (await pinboard.Store.CountAsync(UserHasImportedPins, mira.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task ARemovedSectionLeavesItsPinsOnTheBoard()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var board = await pinboard.AddBoardAsync(mira, "Hills");
        var section = await pinboard.Boards.GetOrCreateSectionAsync(board, "North", default);
        (await pinboard.Boards.GetOrCreateSectionAsync(board, " North ", default)).ShouldBe(section);
        var pin = await pinboard.Pins.CreateAsync(mira.Id, new NewPin(board) { Section = section }, default);

        await pinboard.Boards.RenameSectionAsync(mira.Viewer, section, "South", default);
        (await pinboard.Boards.ListSectionsAsync(board, default)).Select(s => s.Body.Name).ShouldBe(["South"]);
        await pinboard.Boards.DeleteSectionAsync(mira.Viewer, section, default);

        (await pinboard.Boards.ListSectionsAsync(board, default)).ShouldBeEmpty();
        (await pinboard.Store.GetAsync(pin)).Body.Section.IsNone.ShouldBeTrue();
        (await pinboard.PageAsync(Viewer.Anybody, board)).Pins.Select(p => p.Id)
            .ShouldBe([pin]);
        (await pinboard.Store.CountAsync(SectionHasPins, section)).ShouldBe(0);
    }
}
