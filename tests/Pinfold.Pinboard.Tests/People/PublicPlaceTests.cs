using Pinfold.Pinboard.People;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.People;

/// <summary>What search engines are told of.</summary>
public sealed class PublicPlaceTests
{
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
