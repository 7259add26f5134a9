using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Search;
using Pinfold.Pinboard.Search.Finding;
using Pinfold.Pinboard.Search.Indexing;
using Pinfold.Pinboard.Search.Queries;
using Pinfold.Pinboard.Search.Solr;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Search;

/// <summary>A Solr that is killed, gone or lost, under a pinboard that goes on.</summary>
public sealed class SolrTroubleTests
{
    [Fact]
    public async Task KilledInTheMiddleOfIndexingItEndsAsTheShards()
    {
        Assert.SkipWhen(SolrNode.WhyNotAvailable is not null, SolrNode.WhyNotAvailable ?? "");
        await using var solr = await SolrNode.StartAsync();
        await using var pinboard = await StartAsync(solr);
        var robin = await pinboard.AddUserAsync("robin");
        var board = await pinboard.AddBoardAsync(robin, "Stones");
        await pinboard.Get<SolrFiller>().FillAsync(default);
        var following = pinboard.FollowAsync();
        await following;

        for (var part = 0; part < 4; part++)
        {
            await pinboard.Pins.CreateManyAsync(
                robin.Id, [.. Enumerable.Range(0, 50).Select(i => new NewPin(board) { Title = $"stone {part} {i}" })],
                default);
            if (part == 1)
                await solr.KillAsync();
            if (part == 2)
            {
                await Should.ThrowAsync<PinfoldException>(() => FindAsync(pinboard));
                await solr.RestartAsync();
            }
        }
        await pinboard.FollowAsync();

        await ShouldBeAsTheShardsAsync(pinboard);
        (await FindAsync(pinboard)).Total.ShouldBe(200);
        (await pinboard.Get<FollowerHost>().Parked.ListAsync(SolrFollower.FollowerName)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnIndexThatWasLostIsFilledAnewAndARebuildSwapsIt()
    {
        Assert.SkipWhen(SolrNode.WhyNotAvailable is not null, SolrNode.WhyNotAvailable ?? "");
        await using var first = await SolrNode.StartCloudAsync();
        await using var second = await first.StartBesideAsync();
        await using var pinboard = await StartAsync(first, second);
        var robin = await pinboard.AddUserAsync("robin");
        var board = await pinboard.AddBoardAsync(robin, "Stones");
        for (var i = 0; i < 30; i++)
            await pinboard.AddPinAsync(robin, board, $"stone {i}");
        await pinboard.FollowAsync();
        var engine = pinboard.Get<ISearchEngine>();
        await using (var emptied = await engine.OpenNextAsync(default))
            await engine.SwapAsync(emptied, default);
        (await FindAsync(pinboard)).Total.ShouldBe(0);

        await pinboard.Get<SolrFiller>().FillAsync(default);
        await ShouldBeAsTheShardsAsync(pinboard);

        var before = (await engine.StatusAsync(default)).Single(index => index.Serves).Name;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
                await pinboard.AddPinAsync(robin, board, $"meanwhile {i}");
        });
        var after = await pinboard.Get<IndexRebuild>().RunAsync(new Progress<long>(), default);
        await writing;
        await pinboard.FollowAsync();

        after.ShouldNotBe(before);
        (await engine.StatusAsync(default)).Single().ShouldSatisfyAllConditions(
            index => index.Serves.ShouldBeTrue(), index => index.Name.ShouldBe(after));
        await ShouldBeAsTheShardsAsync(pinboard);
    }

    [Fact]
    public async Task WithoutSolrNothingElseFails()
    {
        await using var pinboard = await TestPinboard.StartAsync(configure: settings =>
        {
            settings.SearchServers = SolrServer.ParseList($"http://127.0.0.1:{LoopbackPort.FindFree()}", "--search");
            settings.KeepSearchIndex = true;
        });
        var robin = await pinboard.AddUserAsync("robin");
        var board = await pinboard.AddBoardAsync(robin, "Stones");
        var pin = await pinboard.AddPinAsync(robin, board, "stone");

        (await Should.ThrowAsync<PinfoldException>(() => FindAsync(pinboard))).Kind.ShouldBe(ErrorKind.Unavailable);
        (await pinboard.Pins.GetAsync(Viewer.Anybody, pin, default)).Pin.Body.Title.ShouldBe("stone");
        await Should.ThrowAsync<FollowerWaitsException>(async () => await pinboard.Follower<SolrFollower>()
            .HandleAsync(await new JournalReader(pinboard.Store).ReadAsync(pin.Shard, 0, 10), default));
    }

    [Theory]
    [InlineData("http://robin:geheim@10.0.3.1:8983/solr", "http://10.0.3.1:8983/solr/")]
    [InlineData("https://solr.example.org", "https://solr.example.org/solr/")]
    public void AnAddressIsShownWithoutItsPassword(string text, string address)
    {
        var server = SolrServer.ParseList(text, "--search").ShouldHaveSingleItem();

        server.Address.ToString().ShouldBe(address);
        $"{server} {server.Address}".ShouldNotContain("geheim");
    }

    [Theory]
    [InlineData("ftp://10.0.3.1/")]
    [InlineData("robin:geheim@10.0.3.1")]
    [InlineData("http://10.0.3.1:8983/solr?x=geheim")]
    public void WhatIsNoAddressSaysWhatIsOneAndNothingOfIt(string text) =>
        Should.Throw<PinfoldException>(() => SolrServer.ParseList(text, "--search")).Message
            .ShouldSatisfyAllConditions(m => m.ShouldContain("8983/solr"), m => m.ShouldNotContain("geheim"));

    static Task<TestPinboard> StartAsync(params IReadOnlyList<SolrNode> nodes) =>
        TestPinboard.StartAsync(configure: settings =>
        {
            settings.SearchServers = SolrServer.ParseList(string.Join(',', nodes.Select(n => n.Address)), "--search");
            settings.KeepSearchIndex = true;
        }, replace: SearchEngines.WaitLonger);

    static Task<SearchPage> FindAsync(TestPinboard pinboard) => pinboard.Get<SearchReader>().FindAsync(
        Viewer.Anybody, SearchQueryParser.Parse("stone"), new SearchFilter(), null, default);

    static async Task ShouldBeAsTheShardsAsync(TestPinboard pinboard)
    {
        await using var target = await pinboard.Get<ISearchEngine>().OpenServingAsync(default);
        await target.SaveAsync(await target.PlacesAsync(default), default);
        foreach (var shard in Enumerable.Range(0, pinboard.Store.Topology.ShardCount).Select(i => new ShardId(i)))
            (await pinboard.Get<IndexVerifier>().CompareAsync(target, shard, default)).Differences.ShouldBeEmpty();
    }
}
