using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Tests.Images;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.People;

/// <summary>What visitors are shown of what was pinned lately, and what search engines are told of.</summary>
public sealed class RecentPinTests
{
    [Fact]
    public async Task OnlyWhatEverybodyMaySeeIsShownAlsoWhileItIsRemembered()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var recent = pinboard.Get<RecentPins>();
        (await recent.ListAsync(10, default)).ShouldBeEmpty();
        await using var second = await TestPinboard.StartAsync();
        recent = second.Get<RecentPins>();
        var mira = await second.AddUserAsync("mira");
        var noor = await second.AddUserAsync("noor");
        var photo = new MemoryStream(Sample.Named("baseline.jpg").Read());
        var picture = await second.Get<PictureMaker>().ReceiveAsync(mira.Id, photo, default);
        var (open, hidden) = (
            await second.AddBoardAsync(mira, "Open"), await second.AddBoardAsync(mira, "Hidden", isSecret: true));
        var theirs = await second.AddBoardAsync(noor, "Theirs");
        var shown = await second.Pins.CreateAsync(mira.Id, new NewPin(open) { Picture = picture }, default);
        var other = await second.Pins.CreateAsync(noor.Id, new NewPin(theirs) { Picture = picture }, default);
        await second.Pins.CreateAsync(mira.Id, new NewPin(open) { Picture = picture, IsSecret = true }, default);
        await second.Pins.CreateAsync(mira.Id, new NewPin(hidden) { Picture = picture }, default);
        await second.AddPinAsync(mira, open, "no picture");
        (await recent.ListAsync(10, default)).Select(p => p.Id).ShouldBe([shown, other], ignoreOrder: true);

        await second.Boards.UpdateAsync(mira.Viewer, open, "Open", null, isSecret: true, default);
        (await recent.ListAsync(10, default)).Select(p => p.Id).ShouldBe([other]);
        await second.Pins.DeleteAsync(noor.Viewer, other, default);
        (await recent.ListAsync(10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryPublicBoardIsInOnePartAndNoSecretOneIsInAny()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            var person = await pinboard.AddUserAsync($"person-{i}");
            await pinboard.AddPinAsync(person, await pinboard.AddBoardAsync(person, "Open"), "shown");
            await pinboard.AddPinAsync(person, await pinboard.AddBoardAsync(person, "Hidden", isSecret: true), "not");
        }
        var quiet = await pinboard.AddUserAsync("quiet");
        await pinboard.AddPinAsync(quiet, await pinboard.AddBoardAsync(quiet, "Mine", isSecret: true), "not");

        var places = pinboard.Get<PublicPlaces>();
        var listed = new List<PublicPlace>();
        for (var part = 0; part < places.Parts; part++)
            await foreach (var place in places.ListAsync(part, default))
                listed.Add(place);
        listed.Select(place => place.Username)
            .ShouldBe(Enumerable.Range(0, 12).Select(i => $"person-{i}"), ignoreOrder: true);
        listed.SelectMany(place => place.Slugs).Distinct().ShouldBe(["open"]);
    }
}
