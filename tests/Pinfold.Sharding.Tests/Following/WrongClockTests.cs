using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Clocks that were wrong and are put right, and servers that are down meanwhile.</summary>
public sealed class WrongClockTests
{
    static readonly ShardId Shard = new(0);

    static readonly FollowerOptions Options =
        new() { Lease = TimeSpan.FromHours(10), Renew = TimeSpan.FromHours(1), AttemptsBeforeParking = 1 };

    [Theory, EveryEngine]
    public async Task AnEntryThatWasParkedByAClockThatWasADayAheadIsNotHeldBackForADay(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var (store, mayPass) = (fleet.NewStore(time), false);
        var follower = new Recorder("recorder", (_, _) =>
            mayPass ? ValueTask.CompletedTask : throw new InvalidOperationException("not yet"));
        var host = await fleet.StartHostAsync(Options, [follower], store);
        await Fleet.WriteAsync(store, Shard);
        await Eventually.PassAsync(time, async () => (await host.Parked.ListAsync()).Count == 1, "it is parked");

        mayPass = true;
        time.AdjustTime(time.GetUtcNow() - TimeSpan.FromDays(1));
        await Eventually.PassAsync(time, () => follower.Handled.Count == 1, "it is tried again");
    }

    [Theory, EveryEngine]
    public async Task ALeaseThatTheServersClockGaveBeforeItWasPutBackADayEndsAtOnce(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var server = await fleet.CoordinationAsync(fleet.NewStore(), Shard);
        var (dead, heir, lease, none) =
            (Guid.NewGuid(), Guid.NewGuid(), TimeSpan.FromSeconds(15), CancellationToken.None);
        await server.RenewAsync(dead, "dead", "a=", TimeSpan.FromDays(1), none);

        var table = await server.RenewAsync(heir, "heir", "a=", lease, none);

        table.Workers.ShouldBe([new LivingWorker(heir, "a=")]);
    }

    [Fact]
    public async Task AServerThatIsDownKeepsNoReservationOfOthersFromBeingReaped()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var test = await TestStore.StartAsync(TestShards.Sqlite, new() { Time = time });
        var transaction = test.Store.Begin(test.Shard);
        var name = test.NewName(test.Shard);
        await transaction.ClaimAsync(Handles, name, transaction.Create(new Note("a note")));
        time.Advance(TimeSpan.FromMinutes(16));

        var reaper = new NameReaper(test.Store, new FollowerOptions(), NullLogger.Instance);
        await reaper.ReapAsync([new ShardId(0), test.Shard], CancellationToken.None); // shard 0 is nowhere

        (await test.SqlAsync(test.Shard, "SELECT COUNT(*) FROM names")).ShouldBe([["0"]]);
    }
}
