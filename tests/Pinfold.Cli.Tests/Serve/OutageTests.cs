using System.Net;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>
/// Two people while Redis and Solr are killed under them: pages go on, say what is missing, and have it again without a
/// restart of the service.
/// </summary>
public sealed class OutageTests
{
    [Fact]
    public async Task TwoPeopleGoOnWithoutRedisAndSolrAndHaveThemAgain()
    {
        Assert.SkipWhen(SolrNode.WhyNotAvailable is not null, SolrNode.WhyNotAvailable ?? "");
        await using var redis = await RedisServer.StartAsync(new() { Save = "3600 1" });
        await using var solr = await SolrNode.StartAsync();
        await using var place = await Place.WithRedisAsync(redis);
        await using var served = await Served.StartAsync(
            place, new Dictionary<string, string> { ["PINFOLD_SEARCH"] = solr.Address });
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        (await ann.PostAsync("/ben", [], "/users/ben/follow")).ShouldBe(HttpStatusCode.Redirect);
        var (_, board) = await ben.MakeBoardAsync("Sea");
        var heron = await ben.PinAsync(board, TestPng.Noise(20, 30), "A heron at noon");
        await ann.WaitForAsync("/?show=following", page => page.Contains("A heron at noon"));
        await ann.WaitForAsync("/search?q=heron", page => page.Contains($"/pin/{heron}"));

        await redis.KillAsync();
        await solr.KillAsync();

        (await ann.GetAsync("/?show=following")).ShouldBe(HttpStatusCode.OK, "A heron at noon");
        (await ann.GetAsync("/search?q=heron")).ShouldBe(
            HttpStatusCode.ServiceUnavailable, "Search is not available now", "Everything else works");
        foreach (var path in (string[])["/ben", "/ben/sea", $"/pin/{heron}", "/explore", "/notifications"])
            (await ann.GetAsync(path)).ShouldBe(HttpStatusCode.OK);
        (await ann.PostAsync($"/pin/{heron}", new() { ["text"] = "How still it is" }, $"/pin/{heron}/comments"))
            .ShouldBe(HttpStatusCode.Redirect);
        (await ann.PostAsync($"/pin/{heron}", [], $"/pin/{heron}/like")).ShouldBe(HttpStatusCode.Redirect);
        (await ann.PostAsync($"/pin/{heron}/save", new() { ["board"] = "new", ["newBoard"] = "Birds" }))
            .ShouldBe(HttpStatusCode.Redirect);
        await ben.WaitForAsync("/notifications", page => page.Contains("How still it is"));
        await ben.PinAsync(board, TestPng.Noise(30, 20), "A kingfisher");
        await ann.WaitForAsync("/?show=following", page => page.Contains("A kingfisher"));

        await redis.RestartAsync();
        await solr.RestartAsync();

        await ann.WaitForAsync("/search?q=kingfisher", page => page.Contains("A kingfisher"));
        await ann.WaitForAsync("/search?q=birds", page => page.Contains("/ann/birds"));
        await ann.WaitForAsync("/health/ready", text => text == "Healthy");
        await ann.WaitForAsync(
            "/?show=following", page => page.Contains("A kingfisher") && page.Contains("A heron at noon"));
    }
}
