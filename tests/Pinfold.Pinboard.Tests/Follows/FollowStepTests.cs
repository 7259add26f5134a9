using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Tests.Feeds;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>
/// Random steps, while the followers are killed in the midst of it and given what they have handled already once more,
/// and all feeds are lost now and then.
/// </summary>
public sealed class FollowStepTests(ITestOutputHelper output)
{
    /// <summary>With three followers somebody is large; with 40 pins a feed is full.</summary>
    static readonly FeedLimits Small = new() { EntriesMax = 40, FollowersMax = 2 };

    /// <summary>For the graphs, of which in a soak some have a thousand friends.</summary>
    static readonly FeedLimits OfGraph = new()
    {
        EntriesMax = Soak.Times(40, 200),
        FollowersMax = Soak.Times(8, 200),
    };

    /// <summary>Each engine and each graph; all pairs of them in a soak.</summary>
    public static TheoryData<string, string, bool> Graphs
    {
        get
        {
            var pairs = new TheoryData<string, string, bool>
            {
                { "SQLite", "facebook_combined.txt.gz", true },
                { "MariaDB", "soc-Epinions1-part.txt.gz", false },
            };
            if (Soak.IsOn)
            {
                pairs.Add("MariaDB", "facebook_combined.txt.gz", true);
                pairs.Add("SQLite", "soc-Epinions1-part.txt.gz", false);
            }
            return pairs;
        }
    }

    [Fact]
    public Task OnSqliteForwardReverseCountsAndFeedsAgreeAfterWhateverHappened() => RunAsync("SQLite");

    [Fact]
    public Task OnMariaDbMemcachedAndRedisForwardReverseCountsAndFeedsAgreeAfterWhateverHappened() =>
        RunAsync("MariaDB");

    [Theory]
    [MemberData(nameof(Graphs))]
    public async Task SoTheyDoOfPeopleWhoFollowOneAnotherAsInAGraph(string engine, string file, bool isBothWays)
    {
        var graph = await FollowGraph.ReadAsync(file, isBothWays, Soak.Times(40, int.MaxValue));
        await using var on = await StepPinboard.StartAsync(engine, OfGraph);
        await RunAsync(
            on, stepsBetweenLooks: Soak.Times(50, 2000), killsOneIn: Soak.Times(50, 200),
            emptiesOneIn: Soak.Times(200, 5000), async (steps, settleAsync) =>
            {
                var people = await graph.ImportAsync(on.Pinboard);
                await settleAsync();
                await steps.BeginAsync(people, FollowGraph.OwnersMax, graph.FollowsOf(people));
            });
    }

    async Task RunAsync(string engine)
    {
        await using var on = await StepPinboard.StartAsync(engine, Small);
        await RunAsync(on, stepsBetweenLooks: 100, killsOneIn: 50, emptiesOneIn: 200, (steps, _) => steps.BeginAsync());
    }

    async Task RunAsync(
        StepPinboard on, int stepsBetweenLooks, int killsOneIn, int emptiesOneIn,
        Func<FollowSteps, Func<Task>, Task> beginAsync)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var followers = on.Followers(stepsBetweenLooks);
        var follows = new FollowSteps(on.Pinboard, random, followers.SettleAsync);
        var steps = new FeedSteps(on.Pinboard, random, follows, on.EmptyFeedsAsync, emptiesOneIn);
        var (kept, large) = (0, 0);
        await followers.RunAsync(
            random, Soak.Times(stepsBetweenLooks * 2, 20_000), killsOneIn,
            () => beginAsync(follows, followers.SettleAsync), steps.StepAsync, async story =>
            {
                await VerifyFollowsAsync(followers.Shards, follows, story);
                var audit = await FeedAudit.RunAsync(
                    on.Pinboard, followers.Shards, follows.People.Take(FeedsLookedAtMax));
                audit.Differences.ShouldBeEmpty(story);
                (kept, large) = (kept + audit.Kept, large + audit.Large);
            });
        output.WriteLine($"{kept} homes were kept from before, {large} feeds of large sources were looked at.");
        if (!Soak.IsOn)
            return; // so few steps may happen to end before there is any
        kept.ShouldBePositive("else every home was read anew, and nothing was shown about changing one");
        large.ShouldBePositive("else nobody was merged when read");
    }

    /// <summary>The same people each time, so that their feeds have come through what was done since.</summary>
    static int FeedsLookedAtMax => Soak.Times(60, 250);

    static async Task VerifyFollowsAsync(RawShards shards, FollowSteps steps, string story)
    {
        (await FollowAudit.RunAsync(shards)).ShouldBeEmpty(story);
        await ShouldHaveAsync(25, steps.Follows.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(27, steps.BoardFollows.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(29, steps.LeftOut.Select(f => (f.From.Value, f.To.Value)));
        await ShouldHaveAsync(30, steps.Blocks.Select(f => (f.From.Value, f.To.Value)));

        async Task ShouldHaveAsync(int mapping, IEnumerable<(long, long)> pairs)
        {
            var (there, should) = (await FollowAudit.PairsAsync(shards, mapping), pairs.ToHashSet());
            there.Except(should).ShouldBeEmpty($"{mapping} has these too\n{story}");
            should.Except(there).ShouldBeEmpty($"{mapping} lacks these\n{story}");
        }
    }
}
