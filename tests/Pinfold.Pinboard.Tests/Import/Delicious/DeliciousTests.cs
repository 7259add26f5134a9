using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Import.Delicious;

public sealed class DeliciousTests
{
    [Fact]
    public async Task TheJsonGivesTitlesTextsTagsAndTimes()
    {
        var (key, rows) = await Rows.DetectSampleAsync("delicious.json");
        key.ShouldBe("delicious");
        var pin = rows.ShouldHaveSingleItem();
        (pin.Title, pin.Description, pin.Url, pin.Secret).ShouldBe(("One", "text", "https://example.org/1", false));
        pin.Tags.ShouldBe(["a"]);
        pin.AddedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1358531607));
    }

    [Theory]
    [InlineData("\"1\"", true)]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("\"0\"", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    public async Task WhatIsPrivateStaysSoHoweverItIsSaid(string value, bool isSecret)
    {
        var (key, rows) = await Rows.DetectTextAsync(
            $$"""[{"title":"x","url":"https://a.example/","tags":["a","b c"],"created":"1","others":9,"private":{{value}}}]""");
        key.ShouldBe("delicious");
        rows[0].Secret.ShouldBe(isSecret);
        rows[0].Tags.ShouldBe(["a", "b c"]);
    }

    [Fact]
    public async Task ThePostsAsXmlAreReadToo()
    {
        var (key, rows) = await Rows.DetectSampleAsync("posts.xml");
        key.ShouldBe("posts");
        rows.Select(r => (r.Url, r.Title, r.Description, r.Secret)).ShouldBe([
            ("https://moss.example/?a=1&b=2", "Moss & fern", "Where it grows", false),
            ("https://stone.example/", "Stone", null, true)]);
        rows[0].Tags.ShouldBe(["green", "damp"]);
        rows[0].AddedAt.ShouldBe(new DateTimeOffset(2008, 5, 6, 7, 8, 9, TimeSpan.Zero));
    }
}
