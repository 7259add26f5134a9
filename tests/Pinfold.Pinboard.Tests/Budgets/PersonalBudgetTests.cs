using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Budgets;

public sealed class PersonalBudgetTests(PinboardEngines pinboards) : IClassFixture<PinboardEngines>
{
    static readonly Budget Small = new(BytesMax: 10_000, PinsMax: 5, FetchesPerMinute: 7);

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsKeptIsWhatTheListSaysWhateverWasDone(string engine)
    {
        var pinboard = pinboards[engine];
        var ann = await pinboard.AddUserAsync("ann-keeps");
        var board = await pinboard.AddBoardAsync(ann, "Places");
        var first = await PinAsync(pinboard, ann, board, bytes: 1000);
        var second = await PinAsync(pinboard, ann, board, bytes: 70_000);
        await pinboard.AddPinAsync(ann, board, "without a picture");
        (await ReadAsync(pinboard, ann)).ShouldBe(new Usage(71_000, 3));

        // A picture that comes later, one that turns out to be none, and one that is tried again.
        await pinboard.PinPictures.UpdateAsync(
            first, (pin, picture) => pin with { Picture = picture with { Bytes = 2_000 } }, default);
        (await ReadAsync(pinboard, ann)).ShouldBe(new Usage(72_000, 3));
        await pinboard.PinPictures.UpdateAsync(
            first, (pin, picture) => pin with { Picture = picture with { State = PictureState.Failed } }, default);
        (await ReadAsync(pinboard, ann)).ShouldBe(new Usage(70_000, 3));
        await pinboard.Pins.RetryPictureAsync(ann.Viewer, first, default);
        (await ReadAsync(pinboard, ann)).ShouldBe(new Usage(72_000, 3));

        await pinboard.Pins.DeleteAsync(ann.Viewer, second, default);
        (await ReadAsync(pinboard, ann)).ShouldBe(new Usage(2_000, 2));
        await pinboard.Boards.DeleteAsync(ann.Viewer, board, default);
        (await ReadAsync(pinboard, ann)).ShouldBe(default);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsTooMuchIsRefusedAndADeletionMakesRoomAtOnce(string engine)
    {
        var pinboard = pinboards[engine];
        var ben = await pinboard.AddUserAsync("ben-keeps");
        var board = await pinboard.AddBoardAsync(ben, "Places");
        await pinboard.Get<PersonalBudgets>().SetAsync(ben.Id, Small, default);
        var large = await PinAsync(pinboard, ben, board, bytes: 9_000);
        (await Should.ThrowAsync<BudgetException>(() => PinAsync(pinboard, ben, board, bytes: 1_001)))
            .Message.ShouldContain("8.8 KB of the 9.8 KB");
        await PinAsync(pinboard, ben, board, bytes: 1_000);
        for (var i = 0; i < 3; i++)
            await pinboard.AddPinAsync(ben, board);
        (await Should.ThrowAsync<BudgetException>(() => pinboard.AddPinAsync(ben, board)))
            .Message.ShouldContain("5 is the most");
        await pinboard.Pins.DeleteAsync(ben.Viewer, large, default);
        // What another process deleted is seen as soon as a list that was read a moment ago is old.
        await Eventually(() => PinAsync(pinboard, ben, board, bytes: 9_000));
        (await ReadAsync(pinboard, ben)).ShouldBe(new Usage(10_000, 5));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task ABudgetOfOnesOwnWinsUntilItIsTakenBack(string engine)
    {
        var pinboard = pinboards[engine];
        var cleo = await pinboard.AddUserAsync("cleo-keeps");
        var budgets = pinboard.Get<PersonalBudgets>();
        (await budgets.FindAsync(cleo.Id, default)).ShouldBe(Budget.Default);
        await budgets.SetAsync(cleo.Id, Small, default);
        (await budgets.FindAsync(cleo.Id, default)).ShouldBe(Small);
        var (own, isTheirOwn, _) = await budgets.ReadAsync(cleo.Id, default);
        (own, isTheirOwn).ShouldBe((Small, true));
        await budgets.SetAsync(cleo.Id, null, default);
        (await budgets.FindAsync(cleo.Id, default)).ShouldBe(Budget.Default);
        (await Should.ThrowAsync<PinfoldException>(() =>
            budgets.SetAsync(cleo.Id, Small with { PinsMax = -1 }, default))).Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Fact]
    public async Task SideBySideNoMoreIsLetInThanFits()
    {
        var pinboard = pinboards["SQLite"];
        var dora = await pinboard.AddUserAsync("dora-keeps");
        var board = await pinboard.AddBoardAsync(dora, "Places");
        await pinboard.Get<PersonalBudgets>().SetAsync(dora.Id, Small, default);
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await PinAsync(pinboard, dora, board, bytes: 10);
                return true;
            }
            catch (BudgetException)
            {
                return false;
            }
        }));
        tries.Count(isLetIn => isLetIn).ShouldBe(5);
        (await ReadAsync(pinboard, dora)).ShouldBe(new Usage(50, 5));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task AnImportFillsWhatIsLeftThenEndsAndSaysSo(string engine)
    {
        var pinboard = pinboards[engine];
        var emil = await pinboard.AddUserAsync("emil-keeps");
        await pinboard.Get<PersonalBudgets>().SetAsync(emil.Id, Small with { PinsMax = 130 }, default);
        var latest = ImportResult.Empty;
        (await Should.ThrowAsync<BudgetException>(() => pinboard.Get<ImportRunner>().RunAsync(
            emil.Id, RowsAsync(300), new Latest(now => latest = now.Tally), default))).Message.ShouldContain("130");
        (await ReadAsync(pinboard, emil)).Pins.ShouldBe(130);
        latest.Refused.ShouldBe(0);

        // What is there already is no more than before.
        (await pinboard.Get<ImportRunner>().RunAsync(emil.Id, RowsAsync(100), null, default)).Present.ShouldBe(100);
    }

    [Fact]
    public async Task ThePersonsListIsReadOnceAMinuteHoweverMuchTheyPin()
    {
        var time = new FakeTimeProvider();
        var pinboard = pinboards["SQLite"];
        var fay = await pinboard.AddUserAsync("fay-keeps");
        var budgets = new PersonalBudgets(
            pinboard.Store, new PinboardSettings(), pinboard.Get<AuditLog>(), time);
        await budgets.RequireRoomAsync(fay.Id, new Usage(1, 1), default);
        using var trips = new RoundTrips(pinboard);
        for (var i = 0; i < 50; i++)
            (await budgets.TakeAsync(fay.Id, new Usage(1, 1), default)).Keep();
        trips.Reads.ShouldBe(0);
    }

    static Task<ObjectId<Pin>> PinAsync(TestPinboard pinboard, TestUser owner, ObjectId<Board> board, long bytes) =>
        pinboard.Pins.CreateAsync(owner.Id, new NewPin(board)
        {
            Picture = PinPicture.Received(Convert.ToHexStringLower(new byte[32]), 10, 10, bytes),
        }, default);

    static async Task<Usage> ReadAsync(TestPinboard pinboard, TestUser owner) =>
        (await pinboard.Get<PersonalBudgets>().ReadAsync(owner.Id, default)).Usage;

    static async Task Eventually(Func<Task> attempt)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
            try
            {
                await attempt();
                return;
            }
            catch (BudgetException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(100);
            }
    }

    static async IAsyncEnumerable<ImportRow> RowsAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await Task.Yield();
            yield return new ImportRow(i, RowKind.Pin, $"key {i}") { Title = $"Link {i}" };
        }
    }

    sealed class Latest(Action<ImportProgress> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => report(value);
    }
}
