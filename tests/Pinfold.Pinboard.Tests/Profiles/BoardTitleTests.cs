using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Profiles;

/// <summary>A board without pictures is shown by what its newest pins are called.</summary>
public sealed class BoardTitleTests
{
    [Fact]
    public async Task TheyAreThoseThatTheViewerMaySeeAlsoOfBoardsThatNothingWasPinnedToLately()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var old = await pinboard.AddBoardAsync(mira, "Old");
        await pinboard.Pins.CreateAsync(
            mira.Id, new NewPin(old) { Link = "https://www.shown.example/a", CreatedAt = Early(1) }, default);
        foreach (var i in Enumerable.Range(2, 4))
            await pinboard.Pins.CreateAsync(
                mira.Id, new NewPin(old) { Title = $"Old {i}", CreatedAt = Early(i), IsSecret = i == 4 }, default);
        var busy = await pinboard.AddBoardAsync(mira, "Busy");
        for (var i = 0; i < PinPage.Size; i++)
            await pinboard.AddPinAsync(mira, busy, $"Busy {i:D2}");

        var theirs = (await pinboard.Profiles.FindAsync(Viewer.Anybody, "mira", default))!;
        theirs.Boards.Single(b => b.Id == old).Titles.ShouldBe(["Old 5", "Old 3", "Old 2"]);
        theirs.Boards.Single(b => b.Id == busy).Titles!.Count.ShouldBe(3);
        var own = (await pinboard.Profiles.FindAsync(mira.Viewer, "mira", default))!;
        own.Boards.Single(b => b.Id == old).Titles.ShouldBe(["Old 5", "Old 4", "Old 3"]);

        // One without a title is called by its site.
        var pins = (await pinboard.PageAsync(mira.Viewer, old)).Pins;
        foreach (var pin in pins.Take(3))
            await pinboard.Pins.DeleteAsync(mira.Viewer, pin.Id, default);
        (await pinboard.Profiles.FindAsync(mira.Viewer, "mira", default))!
            .Boards.Single(b => b.Id == old).Titles.ShouldBe(["Old 2", "shown.example"]);

        static DateTimeOffset Early(int second) => DateTimeOffset.FromUnixTimeSeconds(1_000_000_000 + second);
    }
}
