using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Retention;

/// <summary>Journals are trimmed while others write to them, follow them, and begin to follow them.</summary>
public sealed class TrimRaceTests
{
    static readonly ShardId Shard = new(1);

    /// <summary>
    /// Whatever comes first, a follower whose cursor is there finds all that is behind it: a cursor that somebody is
    /// writing is waited for.
    /// </summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task ACursorThatIsBeingWrittenIsWaitedFor(string engine)
    {
        await using var fleet = await TrimFleet.StartAsync(engine);
        await fleet.WriteAsync(fleet.Old, Shard, 10);
        await fleet.StandAsync("f", Shard, 10);
        var trim = (await fleet.ServerAsync(Shard)).Trim;
        await using var other = await fleet.Fleet.ConnectAsync(Shard);
        var cursors = $"{fleet.Fleet.Databases.Server}.cursors";
        await other.SqlAsync(
            $"START TRANSACTION;INSERT INTO {cursors} VALUES({Shard},'new',0,x'{new string('0', 32)}')");

        var trimming = trim.TrimAsync(new TrimCut(Shard, 1, 9, ["f"], 1), default).AsTask();
        await Task.WhenAny(trimming, other.AwaitLockWaitAsync("cursors"));
        trimming.IsCompleted.ShouldBeFalse();
        await other.SqlAsync("COMMIT");

        (await trimming).ShouldBe(new TrimAnswer(0, 0));
        (await fleet.FirstAsync(Shard)).ShouldBe(1);
    }

    /// <summary>
    /// Writers write, a follower handles, others begin from the start, and the journal is trimmed all the time: the
    /// follower misses nothing, and of those that begin none loses a row that it found.
    /// </summary>
    [Theory, EveryEngine]
    public async Task NothingThatIsNeededGoes(string engine)
    {
        var random = Seed.Take().NewRandom();
        await using var fleet = await TrimFleet.StartAsync(engine);
        var recorder = new Recorder("f");
        var host = await fleet.Fleet.StartHostAsync(
            new FollowerOptions { CursorWrite = TimeSpan.FromMilliseconds(5) }, [recorder]);
        var places = new Pinfold.Sharding.Retention.FollowerPlaces(fleet.Store, host);
        var rounds = Soak.Times(20, 300);
        using var end = new CancellationTokenSource();
        var trimming = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
                foreach (var shard in fleet.Fleet.Shards)
                    await (await fleet.ServerAsync(shard)).Trim.TrimAsync(
                        new TrimCut(shard, 1, long.MaxValue, ["f"], 1), default);
        });
        for (var round = 0; round < rounds; round++)
        {
            var shard = new ShardId(random.Next(4));
            await fleet.WriteAsync(fleet.Old, shard, random.Next(1, 6));
            await (await fleet.ServerAsync(shard)).Cursors.ClaimAsync(
                [new CursorClaim("new", false, [shard])], Guid.NewGuid(), default);
            var begin = await fleet.FirstAsync(shard);
            await fleet.WriteAsync(fleet.Old, shard, random.Next(1, 6));
            await host.DrainAsync();
            (await fleet.FirstAsync(shard)).ShouldBe(begin);
            await (await fleet.ServerAsync(shard)).Trim.ForgetAsync("new", [shard], default);
        }
        await end.CancelAsync();
        await trimming;
        host.Waiting.ShouldBeEmpty();
        (await host.Parked.ListAsync()).ShouldBeEmpty();
        foreach (var shard in fleet.Fleet.Shards)
            recorder.Of(shard).ShouldBe(Enumerable.Range(1, recorder.Of(shard).Count()).Select(seq => (long)seq));
        (await fleet.TrimAsync()).ShouldBeGreaterThanOrEqualTo(0);
        foreach (var status in await fleet.Trims.ReadAsync([.. fleet.Fleet.Shards], TrimFleet.Week()))
            status.Entries.ShouldBeLessThanOrEqualTo(1);
    }
}
