using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A wake-up that comes in a bad moment is not lost until the next sweep, which comes in days here.</summary>
public sealed class LostWakeupTests
{
    static readonly ShardId Shard = new(0);

    static readonly FollowerOptions NoSweep = new()
    {
        Lease = TimeSpan.FromMinutes(10),
        Renew = TimeSpan.FromSeconds(1),
        Sweep = TimeSpan.FromDays(1),
    };

    [Fact]
    public async Task AWriteWhileTheEndOfTheJournalIsBeingReadIsFollowed()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var hasWritten = false;
        ShardedStore? store = null;
        store = fleet.NewStore(around: server => new HookedServer(server, afterRead: async reads =>
        {
            if (hasWritten || reads is not [JournalRead { Rows.Count: 0 }])
                return;
            hasWritten = true;
            await Fleet.WriteAsync(store!, Shard);
        }));
        var follower = new Recorder();
        var host = await fleet.StartHostAsync(NoSweep, [follower], store);
        await Eventually.BecomesAsync(() => host.FindShard(Shard) is not null, "the shard is followed");

        host.FindShard(Shard)!.Signal(7); // as by a word that was left before the shard was restored from a backup

        await Eventually.BecomesAsync(() => follower.Handled.Count == 1, "the write is followed");
    }

    [Fact]
    public async Task AWriteAfterThisProcesssLeaseHasEndedIsToldToOthers()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (mayRenew, renewals) = (new TaskCompletionSource(), 0);
        var store = fleet.NewStore(time, around: server => new HookedServer(server, call =>
            call == nameof(ICoordination.RenewAsync) && Interlocked.Increment(ref renewals) > 1
                ? new ValueTask(mayRenew.Task) : ValueTask.CompletedTask));
        var host = await fleet.StartHostAsync(NoSweep, [new Recorder()], store);
        await Eventually.BecomesAsync(() => host.FindShard(Shard) is not null, "the shard is followed");
        time.Advance(NoSweep.Lease); // nobody answers: others may have the shard by now

        var (_, seq) = await Fleet.WriteAsync(store, Shard);

        var words = await fleet.CoordinationAsync(fleet.NewStore(), Shard);
        await Eventually.BecomesAsync(async () =>
        {
            time.Advance(NoSweep.WakeupSend);
            return (await words.ReadWakeupsAsync(0, CancellationToken.None)).Wakeups
                .Any(w => w is { Topic: WakeupTopic.Commit } && w.Shard == Shard && w.Seq == seq);
        }, "a word is left for whoever follows the shard now");
        mayRenew.SetResult();
    }

    [Fact]
    public async Task AServerThatTakesNoWordsKeepsNoneFromOthers()
    {
        await using var fleet = await Fleet.StartAsync("MariaDB");
        var (asked, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = fleet.NewStore(around: server => server.Name == "b" ? server : new HookedServer(server, call =>
        {
            if (call != nameof(ICoordination.SendWakeupsAsync))
                return ValueTask.CompletedTask;
            asked.TrySetResult();
            return new ValueTask(mayGoOn.Task);
        }));
        var follower = new Recorder();
        var host = await fleet.StartHostAsync(NoSweep, [follower]);
        await Eventually.BecomesAsync(() => host.FollowedShards("recorder").Count == 4, "all shards are followed");
        await using var sender = new WakeupSender(writing);
        await Fleet.WriteAsync(writing, new ShardId(0));
        await asked.Task;

        await Fleet.WriteAsync(writing, new ShardId(3));

        await Eventually.BecomesAsync(() => follower.Of(new ShardId(3)).Any(), "the other server's shard is followed");
        mayGoOn.SetResult();
        await Eventually.BecomesAsync(() => follower.Of(new ShardId(0)).Any(), "and then this one's");
    }

    [Fact]
    public async Task AWordWhoseReadingFailedIsReadAgain()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (mayFail, mayPass) = (false, false);
        var store = fleet.NewStore(around: server => new HookedServer(server, call =>
        {
            if (call != nameof(ICursors.SumParkedAsync) || !mayFail)
                return ValueTask.CompletedTask;
            mayFail = false;
            throw new PinfoldException(ErrorKind.Unavailable, "not now");
        }));
        var follower = new Recorder("recorder", (_, _) =>
            mayPass ? ValueTask.CompletedTask : throw new InvalidOperationException("not yet"));
        await fleet.StartHostAsync(NoSweep with { ParkedRetryFirst = TimeSpan.FromHours(1) }, [follower], store);
        await Fleet.WriteAsync(store, Shard);
        var parked = new ParkedEntries(fleet.NewStore());
        await Eventually.BecomesAsync(async () => (await parked.ListAsync()).Count == 1, "it is parked");

        (mayFail, mayPass) = (true, true);
        await parked.RetryNowAsync(Shard, "recorder", 1);

        await Eventually.BecomesAsync(() => follower.Handled.Count == 1, "it is tried again");
    }

    [Fact]
    public async Task WhoeverNeedsItsCursorWrittenWaitsForAWritingThatIsUnderWay()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var (asked, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = fleet.NewStore(around: server => new HookedServer(server, call =>
        {
            if (call != nameof(ICursors.AdvanceAsync))
                return ValueTask.CompletedTask;
            asked.TrySetResult();
            return new ValueTask(mayGoOn.Task);
        }));
        var host = await fleet.StartHostAsync(NoSweep, [new Recorder()], store);
        await Fleet.WriteAsync(store, Shard);
        await asked.Task;

        var writing = host.FindShard(Shard)!.Server.Cursors.WriteAsync(CancellationToken.None);

        writing.IsCompleted.ShouldBeFalse();
        mayGoOn.SetResult();
        await writing;
    }
}
