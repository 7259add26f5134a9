using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Notifications;
using Pinfold.Pinboard.Tests.Profiles;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Provisioning;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Notifications;

/// <summary>
/// Random acts, while the followers are killed in the midst of it and given what they have handled already once more.
/// </summary>
public sealed class NotificationStepTests(ProfileFleet fleet, ITestOutputHelper output) : IClassFixture<ProfileFleet>
{
    static readonly FollowerOptions Options = new()
    {
        Lease = TimeSpan.FromSeconds(1),
        Renew = TimeSpan.FromMilliseconds(250),
        CursorWrite = TimeSpan.FromMilliseconds(20),
    };

    FollowerHost? _host;

    [Fact]
    public async Task OnSqlitePeopleAreToldWhatTheShardsImply()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await RunAsync(pinboard);
    }

    [Fact]
    public Task OnMariaDbAndMemcachedPeopleAreToldWhatTheShardsImply() => RunAsync(fleet.Pinboard);

    async Task RunAsync(TestPinboard pinboard)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        var shards = new RawShards(pinboard.Store.Topology);
        var steps = new NotificationSteps(pinboard, random, () => SettleAsync(pinboard));
        var said = new List<string>();
        await StartAsync(pinboard);
        await steps.BeginAsync();
        for (var i = 1; i <= Soak.Times(200, 10_000); i++)
        {
            said.Add(await steps.StepAsync());
            if (random.Next(40) == 0)
                await CrashAsync(pinboard, shards, random);
            if (i % 100 == 0)
                await VerifyAsync();
        }
        await _host!.StopAsync();

        async Task VerifyAsync()
        {
            await SettleAsync(pinboard);
            var story = string.Join('\n', said.TakeLast(300));
            (await NotificationAudit.RunAsync(shards, steps)).ShouldBeEmpty(story);
            foreach (var person in steps.Everybody)
                await pinboard.Get<NotificationReader>().PageAsync(person.Viewer, null, default);
            (await shards.EntriesAsync(41, 41)).Where(row => row is { To: not 0, N: null })
                .ShouldBeEmpty("all is seen");
        }
    }

    async Task StartAsync(TestPinboard pinboard)
    {
        _host = new FollowerHost(
            pinboard.Store,
            [
                pinboard.Follower<NotificationFollower>(), pinboard.Follower<FollowEndFollower>(),
                pinboard.Follower<PinEndFollower>(), pinboard.Follower<PublicListFollower>(),
            ], Options);
        await _host.StartAsync();
    }

    /// <summary>Ends it as a kill would, whatever it is at, and has the next one begin further back.</summary>
    async Task CrashAsync(TestPinboard pinboard, RawShards shards, Random random)
    {
        await _host!.DisposeAsync();
        foreach (var shard in Enumerable.Range(0, pinboard.Store.Topology.ShardCount).Select(i => new ShardId(i)))
            foreach (var follower in (string[])["reverses", NotificationFollower.FollowerName])
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
