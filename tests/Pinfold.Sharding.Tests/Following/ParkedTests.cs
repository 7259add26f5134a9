using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>What a follower cannot handle waits aside, and is tried again.</summary>
public sealed class ParkedTests
{
    static readonly ShardId Shard = new(0);
    static readonly FollowerOptions Options = new() { Lease = TimeSpan.FromHours(10), Renew = TimeSpan.FromHours(1) };

    [Theory, EveryEngine]
    public async Task AParkedEntryKeepsNothingBackAndIsTriedAgainAfterWaitsThatDouble(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = fleet.NewStore(time);
        var failing = new Failing(seq: 2, time: time);
        var host = await fleet.StartHostAsync(Options, [failing.Follower], store);
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);

        await Eventually.PassAsync(time, () => failing.Follower.Of(Shard).Contains(3), "the rest is handled");
        failing.Follower.Of(Shard).ShouldBe([1, 3]);
        failing.Attempts.Count.ShouldBe(3);
        var entry = (await host.Parked.ListAsync()).ShouldHaveSingleItem();
        (entry.Follower, entry.Shard, entry.Seq, entry.Attempts).ShouldBe(("recorder", Shard, 2, 3));
        entry.Reason.ShouldBe("InvalidOperationException: not yet");
        (entry.NextAttemptAt - entry.ParkedAt).ShouldBe(TimeSpan.FromSeconds(5));

        for (var retry = 1; retry <= 3; retry++)
        {
            var due = (await host.Parked.ListAsync()).Single().NextAttemptAt;
            await Eventually.PassAsync(time, () => failing.Attempts.Count == 3 + retry, $"retry {retry}");
            failing.Attempts[^1].ShouldBeGreaterThanOrEqualTo(due);
            await Eventually.PassAsync(time, async () => (await host.Parked.ListAsync()).Single().Attempts == 3 + retry,
                "it is written down");
            var next = (await host.Parked.ListAsync()).Single();
            (next.NextAttemptAt - failing.Attempts[^1]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5 << retry));
        }
        failing.MayPass = true;
        await Eventually.PassAsync(time, async () => (await host.Parked.ListAsync()).Count == 0,
            "it is handled in the end");

        failing.Follower.Of(Shard).ShouldBe([1, 3, 2]);
    }

    [Theory, EveryEngine]
    public async Task AParkedEntryIsTriedAtOnceWhenAskedForOrDropped(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, operators) = (fleet.NewStore(), fleet.NewStore());
        var failing = new Failing(seq: 1);
        var options = Options with { ParkedRetryFirst = TimeSpan.FromHours(1) };
        await fleet.StartHostAsync(options, [failing.Follower, new Failing(2, "other").Follower], store);
        await Fleet.WriteAsync(store, Shard);
        await Fleet.WriteAsync(store, Shard);
        var parked = new ParkedEntries(operators);
        await Eventually.BecomesAsync(async () => (await parked.ListAsync()).Count == 2, "both are parked");

        failing.MayPass = true;
        (await parked.RetryNowAsync(Shard, "recorder", 2)).ShouldBeFalse();
        (await parked.RetryNowAsync(Shard, "recorder", 1)).ShouldBeTrue();
        await Eventually.BecomesAsync(async () => (await parked.ListAsync("recorder")).Count == 0,
            "it is tried and succeeds");
        failing.Follower.Of(Shard).ShouldBe([2, 1]);

        (await parked.DropAsync(Shard, "other", 2)).ShouldBeTrue();
        (await parked.DropAsync(Shard, "other", 2)).ShouldBeFalse();
        (await parked.ListAsync()).ShouldBeEmpty();
    }

    [Theory, EveryEngine]
    public async Task AnEntryThatIsSkippedIsKeptWithBothReasonsAndTriedWhenAskedForAlone(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, operators) = (fleet.NewStore(), fleet.NewStore());
        var failing = new Failing(seq: null);
        var options = Options with { ParkedRetryFirst = TimeSpan.FromHours(1), AttemptsBeforeParking = 1 };
        await fleet.StartHostAsync(options, [failing.Follower], store);
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        var parked = new ParkedEntries(operators);
        await Eventually.BecomesAsync(async () => (await parked.ListAsync()).Count == 3, "all are parked");

        (await parked.SkipAsync(Shard, "recorder", 2, "its file is gone")).ShouldBeTrue();
        (await parked.SkipAsync(Shard, "recorder", 9, "no such entry")).ShouldBeFalse();
        (await Should.ThrowAsync<PinfoldException>(() => parked.SkipAsync(Shard, "recorder", 2, " ")))
            .Kind.ShouldBe(ErrorKind.Invalid);
        failing.MayPass = true;
        (await parked.RetryAllNowAsync("recorder")).ShouldBe(2);
        await Eventually.BecomesAsync(async () => (await parked.ListAsync()).Count == 1, "the others are handled");

        failing.Follower.Of(Shard).Order().ShouldBe([1, 3]);
        var left = (await parked.ListAsync()).ShouldHaveSingleItem();
        (left.Seq, left.IsSkipped, left.Reason)
            .ShouldBe((2, true, "Skipped: its file is gone | InvalidOperationException: not yet"));
        var status = await new FollowerStatusReader(operators).ReadAsync();
        status.Single(s => s.Follower == "recorder" && s.Shard == Shard).Parked.ShouldBe(0);
        (await parked.RetryNowAsync(Shard, "recorder", 2)).ShouldBeTrue();
        await Eventually.BecomesAsync(async () => (await parked.ListAsync()).Count == 0, "it is tried all the same");
        failing.Follower.Of(Shard).Order().ShouldBe([1, 2, 3]);
    }

    [Theory, EveryEngine]
    public async Task HowFarAFollowerIsOnEachShardIsReadFromTheShards(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, failing) = (fleet.NewStore(), new Failing(seq: 2));
        var options = Options with { ParkedRetryFirst = TimeSpan.FromHours(1), AttemptsBeforeParking = 1 };
        var host = await fleet.StartHostAsync(options, [failing.Follower], store);
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        await host.DrainAsync();
        await host.StopAsync();
        await Fleet.WriteAsync(store, Shard);
        await Fleet.WriteAsync(store, new ShardId(1));

        var status = (await new FollowerStatusReader(fleet.NewStore()).ReadAsync())
            .Where(s => s.Follower == "recorder").ToList();

        status.Select(s => (s.Shard.Value, s.Position, s.JournalEnd, s.Lag, s.Parked))
            .ShouldBe([(0, 3, 4, 1, 1), (1, 0, 1, 1, 0)]);
        (status[0].NextAttemptAt, status[1].NextAttemptAt).ShouldSatisfyAllConditions(
            next => next.Item1.ShouldNotBeNull(), next => next.Item2.ShouldBeNull());
    }

    [Theory, EveryEngine]
    public async Task AFollowerThatFailsAtEverythingWaitsWhenItHasParkedTheMost(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var store = fleet.NewStore();
        var failing = new Failing(seq: null);
        var host = await fleet.StartHostAsync(Options with { ParkedMax = 2, AttemptsBeforeParking = 1 },
            [failing.Follower], store);
        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, Shard);
        await Eventually.BecomesAsync(() => failing.Attempts.Count > 4, "it tries the third again");

        (await host.Parked.ListAsync()).Select(p => p.Seq).Order().ShouldBe([1, 2]);
        failing.MayPass = true;
        await host.DrainAsync();
        failing.Follower.Of(Shard).Where(seq => seq > 2).ShouldBe([3, 4, 5]);
    }

    [Theory, EveryEngine]
    public async Task AFollowerThatWaitsParksNothingAndGoesOnWhereItStood(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var store = fleet.NewStore();
        var (attempts, mayPass) = (0, false);
        var follower = new Recorder("recorder", (t, _) => t.Seq != 2 || Volatile.Read(ref mayPass)
            ? ValueTask.CompletedTask
            : throw new FollowerWaitsException(
                $"attempt {Interlocked.Increment(ref attempts)}", new InvalidOperationException()));
        var host = await fleet.StartHostAsync(Options, [follower], store);
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, Shard);
        await Eventually.BecomesAsync(() => Volatile.Read(ref attempts) > 2, "it tries again");
        await Eventually.BecomesAsync(
            async () => await fleet.CursorAsync(store, Shard, "recorder") == 1, "the first is handled");

        follower.Of(Shard).ShouldBe([1]);
        Volatile.Write(ref mayPass, true);
        await host.DrainAsync();
        follower.Of(Shard).ShouldBe([1, 2, 3]);
        (await host.Parked.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task AJournalRowThatCannotBeReadIsParkedByEveryFollowerAndTheRestGoesOn()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (store, follower) = (fleet.NewStore(), new Recorder());
        await Fleet.WriteAsync(store, Shard);
        await Fleet.WriteAsync(store, Shard);
        await fleet.SqlAsync(Shard, "UPDATE journal SET entries=x'5b7b' WHERE seq=1");

        var host = await fleet.StartHostAsync(Options, [follower], store);
        await host.DrainAsync();

        follower.Of(Shard).ShouldBe([2]);
        (await host.Parked.ListAsync()).ShouldAllBe(p => p.Seq == 1 && p.Reason.Contains("Journal row 1 of shard 0"));
    }

    [Fact]
    public async Task HandledFailedParkedAndLagAreMeasured()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var store = fleet.NewStore();
        using var measured = new Measured("measured");
        var mayGoOn = new TaskCompletionSource();
        var follower = new Recorder("measured", (t, cancellation) => t.Seq switch
        {
            1 => throw new InvalidOperationException("never"),
            3 => new ValueTask(mayGoOn.Task.WaitAsync(cancellation)),
            _ => ValueTask.CompletedTask,
        });
        var host = await fleet.StartHostAsync(Options with { ParkedRetryFirst = TimeSpan.FromHours(1) }, [follower],
            store);
        for (var i = 0; i < 5; i++)
            await Fleet.WriteAsync(store, Shard);
        await Eventually.BecomesAsync(() => follower.Handled.Count == 1, "the second is handled");

        (measured["pinfold.follower.lag"], measured["pinfold.follower.lag.max"], measured["pinfold.follower.parked"])
            .ShouldBe((3, 3, 1));
        mayGoOn.SetResult();
        await host.DrainAsync();
        (measured["pinfold.follower.handled"], measured["pinfold.follower.failed"], measured["pinfold.follower.lag"])
            .ShouldBe((4, 3, 0));
    }

    /// <summary>Lets the faked time pass, in steps that give everything a turn, until the condition holds.</summary>
    /// <summary>Fails at one transaction, or at all, until it may pass.</summary>
    sealed class Failing
    {
        readonly Lock _gate = new();
        readonly List<DateTimeOffset> _attempts = [];

        public Failing(long? seq, string name = "recorder", TimeProvider? time = null) =>
            Follower = new Recorder(name, (transaction, _) =>
        {
            if (seq is null || transaction.Seq == seq)
                lock (_gate)
                    _attempts.Add((time ?? TimeProvider.System).GetUtcNow());
            return MayPass || (seq is not null && transaction.Seq != seq)
                ? ValueTask.CompletedTask
                : throw new InvalidOperationException("not yet");
        });

        public Recorder Follower { get; }

        public bool MayPass { get; set; }

        public IReadOnlyList<DateTimeOffset> Attempts
        {
            get
            {
                lock (_gate)
                    return [.. _attempts];
            }
        }
    }
}
