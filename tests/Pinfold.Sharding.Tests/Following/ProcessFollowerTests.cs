using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>Followers of a process's own memory: every process is told of every shard, and keeps no cursor.</summary>
public sealed class ProcessFollowerTests
{
    static readonly FollowerOptions Never = new() { ProcessLook = TimeSpan.FromDays(1) };

    [Theory, EveryEngine]
    public async Task EveryProcessIsToldOfWhatIsWrittenSinceItBeganAndNothingIsKept(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore();
        await Fleet.WriteAsync(store, new ShardId(1));
        Memory[] memories = [new(), new()];
        foreach (var memory in memories)
            await fleet.StartHostAsync(new FollowerOptions { ProcessLook = TimeSpan.FromMilliseconds(50) }, [memory]);
        await Eventually.BecomesAsync(() => memories.All(m => m.Forgotten.Distinct().Count() == 4), "both have begun");

        await Fleet.WriteAsync(store, new ShardId(1));
        await Fleet.WriteAsync(store, new ShardId(3));

        foreach (var memory in memories)
        {
            await Eventually.BecomesAsync(() => memory.Told.Count == 2, "both are told");
            memory.Told.OrderBy(t => t.Shard).Select(t => (t.Shard.Value, t.Seq)).ShouldBe([((ushort)1, 2L), (3, 1)]);
        }
        (await (await fleet.CursorsAsync(store, new ShardId(1))).ReadCursorsAsync([new ShardId(1)], default))
            .ShouldNotContain(c => c.Follower == "memory");
    }

    [Fact]
    public async Task WhatCannotBeReadIsToForget()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 2);
        var (store, memory, shard) = (fleet.NewStore(), new Memory(), new ShardId(1));
        await using var host = new FollowerHost(store, [memory], Never);
        await host.OfProcess.LookAsync(default);
        memory.Forgotten.Clear();
        for (var i = 0; i < 3; i++)
            await Fleet.WriteAsync(store, shard);
        await fleet.SqlAsync(shard, "UPDATE journal SET entries='[{\"k\":\"like\"}]' WHERE seq=2");

        await host.OfProcess.LookAsync(default);
        memory.Told.Select(t => t.Seq).ShouldBe([1, 3]);
        memory.Forgotten.ShouldBe([shard]);

        await fleet.SqlAsync(shard, "DELETE FROM journal WHERE seq>1;UPDATE shard SET last_seq=1"); // as a backup does
        memory.Forgotten.Clear();
        await host.OfProcess.LookAsync(default);
        memory.Forgotten.ShouldBe([shard]);
    }

    [Fact]
    public async Task WhatItDidNotTakeInItIsToForgetUntilItDoes()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 2);
        var (store, memory, shard) = (fleet.NewStore(), new Memory(), new ShardId(1));
        await using var host = new FollowerHost(store, [memory], Never);
        await host.OfProcess.LookAsync(default);
        memory.Forgotten.Clear();
        await Fleet.WriteAsync(store, shard);

        memory.IsFailing = true;
        await host.OfProcess.LookAsync(default);
        await host.OfProcess.LookAsync(default);
        memory.Forgotten.ShouldBeEmpty();
        memory.IsFailing = false;
        await host.OfProcess.LookAsync(default);
        await host.OfProcess.LookAsync(default);

        memory.Forgotten.ShouldBe([shard]);
    }

    [Fact]
    public async Task AServerThatHangsKeepsNoOtherFromBeingLookedAt()
    {
        await using var fleet = await Fleet.StartAsync("MariaDB");
        var (memory, mayGoOn) = (new Memory(), new TaskCompletionSource());
        var store = fleet.NewStore(around: server => server.Name == "b" ? server : new HookedServer(server, call =>
            call == nameof(ICursors.ReadLastSeqsAsync) ? new ValueTask(mayGoOn.Task) : ValueTask.CompletedTask));
        await using var host = new FollowerHost(
            store, [memory], new FollowerOptions { ProcessLook = TimeSpan.FromMilliseconds(50) });
        host.OfProcess.Start();
        await Eventually.BecomesAsync(() => memory.Forgotten.Count == 2, "the other server was looked at");

        await Fleet.WriteAsync(fleet.NewStore(), new ShardId(3));

        await Eventually.BecomesAsync(() => memory.Told.Count == 1, "and still is");
        mayGoOn.SetResult();
    }

    /// <summary>Remembers what it was told.</summary>
    sealed class Memory : IProcessFollower
    {
        readonly Lock _gate = new();
        readonly List<JournalTransaction> _told = [];

        public string Name => "memory";

        public bool IsFailing { get; set; }

        public List<ShardId> Forgotten { get; } = [];

        public IReadOnlyList<JournalTransaction> Told
        {
            get
            {
                lock (_gate)
                    return [.. _told];
            }
        }

        public ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
        {
            lock (_gate)
                _told.AddRange(IsFailing ? throw new InvalidOperationException("not now") : batch);
            return ValueTask.CompletedTask;
        }

        public ValueTask ForgetAsync(IReadOnlyList<ShardId> shards, CancellationToken cancellation)
        {
            lock (_gate)
                Forgotten.AddRange(IsFailing ? throw new InvalidOperationException("not now") : shards);
            return ValueTask.CompletedTask;
        }
    }
}
