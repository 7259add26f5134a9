using Microsoft.Extensions.DependencyInjection;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Options with which nothing would ever happen are refused where they are given.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task FollowerOptionsThatWouldFollowNothingAreRefused()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);
        var right = new FollowerOptions();
        FollowerOptions[] wrong =
        [
            right with { BatchTransactions = 0 }, right with { CursorTransactionsMax = 0 },
            right with { AttemptsBeforeParking = 0 }, right with { ParkedMax = 0 },
            right with { WakeupPoll = TimeSpan.Zero }, right with { Sweep = TimeSpan.FromDays(60) },
            right with { Renew = right.Lease },
        ];

        foreach (var options in wrong)
            Should.Throw<PinfoldException>(() => new FollowerHost(test.Store, [], options)).Kind
                .ShouldBe(ErrorKind.Invalid);
    }

    [Theory]
    [InlineData("lanes"), InlineData("timeout"), InlineData("deadline")]
    public async Task OptionsWithWhichNoWriteWouldBeSentAreRefused(string what)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPinfoldSharding(
            StoreModel.Model, new FixedTopologySource(TopologyMap.Embedded("/nonexistent")), options =>
            {
                options.CommitLanes = what == "lanes" ? 0 : 4;
                options.RoundTripTimeout = what == "timeout" ? TimeSpan.Zero : options.RoundTripTimeout;
                options.FenceDeadline = what == "deadline" ? TimeSpan.FromSeconds(-1) : options.FenceDeadline;
            });
        await using var provider = services.BuildServiceProvider();

        var error = Should.Throw<PinfoldException>(() => provider.GetRequiredService<ShardedStore>());

        error.Kind.ShouldBe(ErrorKind.Invalid);
    }
}
