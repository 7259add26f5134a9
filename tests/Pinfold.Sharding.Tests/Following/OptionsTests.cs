using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
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
}
