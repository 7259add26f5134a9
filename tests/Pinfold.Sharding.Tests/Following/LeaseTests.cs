using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Who follows which shard, and that nobody else can.</summary>
public sealed class LeaseTests(ITestOutputHelper output)
{
    static readonly FollowerOptions Long =
        new() { Lease = TimeSpan.FromMinutes(10), Renew = TimeSpan.FromMilliseconds(300) };
    static readonly FollowerOptions Short = Long with { Lease = TimeSpan.FromSeconds(3) };

    [Theory, EveryEngine]
    public async Task ProcessesShareTheShardsFairlyAsTheyComeAndGo(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 16);
        var first = await fleet.StartHostAsync(Long, [new Recorder()]);
        await Eventually.BecomesAsync(() => first.FollowedShards("recorder").Count == 16, "one process follows all");

        var second = await fleet.StartHostAsync(Long, [new Recorder()]);
        await AreSharedAsync(fleet, [first, second]);
        var third = await fleet.StartHostAsync(Long, [new Recorder()]);
        await AreSharedAsync(fleet, [first, second, third]);
        await second.StopAsync();
        await AreSharedAsync(fleet, [first, third]);
    }

    [Theory, EveryEngine]
    public async Task ShardsOfAProcessThatDiedAreTakenOver(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 16);
        var (store, follower) = (fleet.NewStore(), new Recorder());
        var dying = await fleet.StartHostAsync(Short, [new Recorder()]);
        var living = await fleet.StartHostAsync(Short, [follower], store);
        await AreSharedAsync(fleet, [dying, living]);

        await dying.DisposeAsync();
        foreach (var shard in fleet.Shards)
            await Fleet.WriteAsync(store, shard);
        await living.DrainAsync();

        await Eventually.BecomesAsync(
            () => living.FollowedShards("recorder").Count == 16, "the living one follows all");
    }

    [Theory, EveryEngine]
    public async Task AClaimRefusesEveryEarlierOne(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard, none) = (fleet.NewStore(), new ShardId(0), CancellationToken.None);
        await Fleet.WriteAsync(store, shard);
        var server = await fleet.CursorsAsync(store, shard);
        var (zombie, heir) = (Guid.NewGuid(), Guid.NewGuid());
        var entry = new ParkedRow(shard, "a", 1, 3, 0, 0, "late");

        await server.ClaimAsync([new CursorClaim("a", false, [shard])], zombie, none);
        var claimed = await server.ClaimAsync(
            [new CursorClaim("a", false, [shard]), new CursorClaim("b", true, [shard])], heir, none);

        claimed.OrderBy(c => c.Follower).Select(c => (c.Follower, c.Seq, c.LastSeq))
            .ShouldBe([("a", 0, 1), ("b", 1, 1)]);
        var late = new CursorMove(shard, "a", zombie, 0, 1);
        (await server.AdvanceAsync([late], none)).ShouldBe([late]);
        (await server.ParkAsync(zombie, entry, none)).ShouldBeFalse();
        var elsewhere = new CursorMove(shard, "a", heir, 7, 8);
        (await server.AdvanceAsync([elsewhere], none)).ShouldBe([elsewhere]);
        (await fleet.CursorAsync(store, shard, "a")).ShouldBe(0);
        (await server.AdvanceAsync([new CursorMove(shard, "a", heir, 0, 1)], none)).ShouldBeEmpty();
        (await server.ParkAsync(heir, entry, none)).ShouldBeTrue();
        (await fleet.CursorAsync(store, shard, "a")).ShouldBe(1);
    }

    [Theory, EveryEngine]
    public async Task ShardsThatAreNotThereAreLeftOutAndTheOthersServed(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard, missing, none) =
            (fleet.NewStore(), new ShardId(0), new ShardId(999), CancellationToken.None);
        await Fleet.WriteAsync(store, shard);
        var (server, claim) = (await fleet.CursorsAsync(store, shard), Guid.NewGuid());

        (await server.ClaimAsync([new CursorClaim("a", false, [shard, missing])], claim, none)).Select(c => c.Shard)
            .ShouldBe([shard]);
        (await server.ReadLastSeqsAsync([missing, shard], none)).ShouldBe([new ShardSeq(shard, 1)]);
        (await server.AdvanceAsync(
            [new CursorMove(missing, "a", claim, 0, 1), new CursorMove(shard, "a", claim, 0, 1)], none))
            .ShouldHaveSingleItem().Shard.ShouldBe(missing);
    }

    [Theory, EveryEngine]
    public async Task AServerIsAskedForThousandsOfShardsAtOnceAndNamesThoseThatItHas(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard) = (fleet.NewStore(), new ShardId(0));
        await Fleet.WriteAsync(store, shard);
        var server = await fleet.CursorsAsync(store, shard);

        // Every second one, so that they are no range.
        var asked = Enumerable.Range(0, 2200).Select(i => new ShardId(2 * i)).ToList();
        var seqs = await server.ReadLastSeqsAsync(asked, CancellationToken.None);

        seqs.ShouldBe([new ShardSeq(shard, 1)]);
    }

    [Theory, EveryEngine]
    public async Task AProcessWhoseLeaseWentToAnotherStopsAndMovesNoCursor(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard, none) = (fleet.NewStore(), new ShardId(0), CancellationToken.None);
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var follower = new Recorder(before: async (_, cancellation) =>
        {
            entered.TrySetResult();
            using var registration = cancellation.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            // A handler that does not care, and ends as if all were well.
        });
        var zombie = await fleet.StartHostAsync(Long, [follower], store);
        await Fleet.WriteAsync(store, shard);
        await entered.Task;

        var (server, heir) = (await fleet.CoordinationAsync(store, shard), Guid.NewGuid());
        await Eventually.BecomesAsync(async () =>
        {
            var table = await server.RenewAsync(heir, "heir", "recorder=", Long.Lease, none);
            return (await server.ChangeLeasesAsync([new LeaseChange("recorder",
                table.Leases.Single(l => l.Follower == "recorder").Version, $"{heir:N}=0-1")], false, none)).Count == 1;
        }, "the heir gets the lease");
        await (await fleet.CursorsAsync(store, shard)).ClaimAsync(
            [new CursorClaim("recorder", false, [shard])], heir, none);

        await cancelled.Task;
        await Eventually.BecomesAsync(() => !zombie.FollowedShards("recorder").Contains(shard), "the zombie lets go");
        await zombie.StopAsync();
        (await fleet.CursorAsync(store, shard, "recorder")).ShouldBe(0);
    }

    [Theory, EveryEngine]
    public async Task WhateverCrashesEveryTransactionIsHandledInTheEnd(string engine)
    {
        var random = Seed.Take(output.WriteLine).NewRandom();
        await using var fleet = await Fleet.StartAsync(engine, shards: 4);
        var store = fleet.NewStore();
        var handled = new List<Recorder>();
        var hosts = new List<FollowerHost>();
        var isCalm = false;
        var options = Short with { Lease = TimeSpan.FromSeconds(1), CursorTransactionsMax = 3, BatchTransactions = 4 };
        for (var step = 0; step < 30; step++)
        {
            if (hosts.Count == 0 || (hosts.Count < 3 && random.Next(4) == 0))
            {
                handled.Add(new Recorder(before: (t, _) => !isCalm && (t.Seq + step) % 7 == 3
                    ? throw new InvalidOperationException("now and then") : ValueTask.CompletedTask));
                hosts.Add(await fleet.StartHostAsync(options, [handled[^1]]));
            }
            for (var i = random.Next(6); i > 0; i--)
                await Fleet.WriteAsync(store, new ShardId(random.Next(4)));
            if (random.Next(3) == 0)
            {
                var host = hosts[random.Next(hosts.Count)];
                hosts.Remove(host);
                await (random.Next(3) == 0 ? host.StopAsync() : host.DisposeAsync().AsTask());
            }
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)));
        }
        isCalm = true;
        handled.Add(new Recorder());
        var last = await fleet.StartHostAsync(options, [handled[^1]]);
        await last.DrainAsync();
        await Eventually.BecomesAsync(async () =>
        {
            foreach (var entry in await last.Parked.ListAsync("recorder"))
                await last.Parked.RetryNowAsync(entry.Shard, entry.Follower, entry.Seq);
            return (await last.Parked.ListAsync("recorder")).Count == 0;
        }, "nothing is parked");

        foreach (var shard in fleet.Shards)
        {
            var count = (await (await fleet.CursorsAsync(store, shard))
                .ReadLastSeqsAsync([shard], CancellationToken.None))
                .Single().Seq;
            handled.SelectMany(h => h.Of(shard)).Distinct().Order()
                .ShouldBe(Enumerable.Range(1, (int)count).Select(i => (long)i));
        }
    }

    static Task AreSharedAsync(Fleet fleet, FollowerHost[] hosts) => Eventually.BecomesAsync(() =>
        hosts.SelectMany(h => h.FollowedShards("recorder")).Order().SequenceEqual(fleet.Shards)
        && fleet.Topology.Current.Servers.All(server => hosts.All(host =>
            host.FollowedShards("recorder").Count(s => fleet.Topology.Current.Shard(s).Server == server)
                <= (fleet.Topology.Current.ShardsOn(server.Name).Count + hosts.Length - 1) / hosts.Length)),
        $"{hosts.Length} processes follow a fair share of each server");
}
