using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Tests.Profiles;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Follows;

/// <summary>
/// Random steps, while the followers are killed in the midst of it and given what they have handled already once more.
/// </summary>
public sealed class FollowStepTests(ProfileFleet fleet, ITestOutputHelper output) : IClassFixture<ProfileFleet>
{
    static readonly FollowerOptions Options = new()
    {
        Lease = TimeSpan.FromSeconds(1),
        Renew = TimeSpan.FromMilliseconds(250),
        CursorWrite = TimeSpan.FromMilliseconds(20),
    };

    FollowerHost? _host;

    [Fact]
    public async Task OnSqliteForwardReverseAndCountsAgreeAfterWhateverHappened()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await RunAsync(pinboard);
    }

    [Fact]
    public Task OnMariaDbAndMemcachedForwardReverseAndCountsAgreeAfterWhateverHappened() => RunAsync(fleet.Pinboard);

    async Task RunAsync(TestPinboard pinboard)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var shards = new RawShards(pinboard.Store.Topology);
        var steps = new FollowSteps(pinboard, random, () => SettleAsync(pinboard));
        var said = new List<string>();
        await StartAsync(pinboard);
        await steps.BeginAsync();
        for (var i = 1; i <= Soak.Times(200, 20_000); i++)
        {
            said.Add(await steps.StepAsync());
            if (random.Next(50) == 0)
                await CrashAsync(pinboard, shards, random);
            if (i % 100 == 0)
                await VerifyAsync();
        }
        await _host!.StopAsync();

        async Task VerifyAsync()
        {
            await SettleAsync(pinboard);
            var story = string.Join('\n', said.TakeLast(300));
            (await FollowAudit.RunAsync(shards)).ShouldBeEmpty(story);
            await ShouldHaveAsync(25, steps.Follows.Select(f => (f.From.Value, f.To.Value)));
            await ShouldHaveAsync(27, steps.BoardFollows.Select(f => (f.From.Value, f.To.Value)));
            await ShouldHaveAsync(29, steps.LeftOut.Select(f => (f.From.Value, f.To.Value)));
            await ShouldHaveAsync(30, steps.Blocks.Select(f => (f.From.Value, f.To.Value)));

            async Task ShouldHaveAsync(int mapping, IEnumerable<(long, long)> pairs) =>
                (await FollowAudit.PairsAsync(shards, mapping)).ShouldBe(pairs, ignoreOrder: true, story);
        }
    }

    async Task StartAsync(TestPinboard pinboard)
    {
        _host = new FollowerHost(pinboard.Store, [pinboard.Follower<FollowEndFollower>()], Options);
        await _host.StartAsync();
    }

    /// <summary>Ends it as a kill would, whatever it is at, and has the next one begin further back.</summary>
    async Task CrashAsync(TestPinboard pinboard, RawShards shards, Random random)
    {
        await _host!.DisposeAsync();
        foreach (var shard in Enumerable.Range(0, pinboard.Store.Topology.ShardCount).Select(i => new ShardId(i)))
            foreach (var follower in (string[])["reverses", FollowEndFollower.FollowerName])
                if (random.Next(2) == 0)
                    await shards.RewindAsync(shard, follower, random.Next(30));
        await StartAsync(pinboard);
    }

    /// <summary>Until nothing is left of what the followers themselves have written either.</summary>
    async Task SettleAsync(TestPinboard pinboard)
    {
        for (long? before = null; ;)
        {
            await _host!.DrainAsync();
            var written = (await pinboard.Get<ShardStatusReader>().ReadAsync()).Sum(shard => shard.LastSeq);
            if (written == before)
                return;
            before = written;
        }
    }
}
