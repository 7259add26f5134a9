using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Tests;

/// <summary>
/// The followers of a pinboard, killed now and then in the midst of random steps and given what they have handled
/// already once more.
/// </summary>
/// <param name="pinboard">Whose.</param>
/// <param name="followers">Those that run, beside the library's own.</param>
/// <param name="rewound">By name, those that begin further back after a kill.</param>
sealed class KilledFollowers(
    TestPinboard pinboard, IReadOnlyList<IFollower> followers, params IReadOnlyList<string> rewound)
{
    const int StepsTold = 300;

    static readonly FollowerOptions Options = new()
    {
        Lease = TimeSpan.FromSeconds(1),
        Renew = TimeSpan.FromMilliseconds(250),
        CursorWrite = TimeSpan.FromMilliseconds(20),
    };

    FollowerHost? _host;

    /// <summary>After so many steps it is looked whether all is right.</summary>
    public int StepsBetweenLooks { get; init; } = 100;

    /// <summary>The tables themselves.</summary>
    public RawShards Shards { get; } = new(pinboard.Store.Topology);

    /// <summary>Takes so many steps; now and then, when all has settled, it is looked whether all is right.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="killsOneIn">After one of so many steps they are killed.</param>
    /// <param name="begin">Before the first.</param>
    /// <param name="step">Does one, and tells what it was.</param>
    /// <param name="verify">Looks; it is given the last steps, to tell.</param>
    public async Task RunAsync(
        Random random, int count, int killsOneIn, Func<Task> begin, Func<Task<string>> step,
        Func<string, Task> verify)
    {
        var said = new List<string>();
        await StartAsync();
        await begin();
        for (var i = 1; i <= count; i++)
        {
            said.Add(await step());
            if (random.Next(killsOneIn) == 0)
            {
                await KillAsync(random);
                said.Add("the followers are killed");
            }
            if (i % StepsBetweenLooks != 0)
                continue;
            await SettleAsync();
            await verify(string.Join('\n', said.TakeLast(StepsTold)));
        }
        await _host!.StopAsync();
    }

    /// <summary>Until nothing is left of what the followers themselves have written either.</summary>
    public Task SettleAsync() => pinboard.SettleAsync(() => _host!.DrainAsync());

    async Task StartAsync()
    {
        _host = new FollowerHost(pinboard.Store, followers, Options);
        await _host.StartAsync();
    }

    /// <summary>Ends them as a kill would, whatever they are at, and has the next ones begin further back.</summary>
    async Task KillAsync(Random random)
    {
        await _host!.DisposeAsync();
        foreach (var shard in Enumerable.Range(0, pinboard.Store.Topology.ShardCount).Select(i => new ShardId(i)))
            foreach (var follower in rewound)
                if (random.Next(2) == 0)
                    await Shards.RewindAsync(shard, follower, random.Next(30));
        await StartAsync();
    }
}
