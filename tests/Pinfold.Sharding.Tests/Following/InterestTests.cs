using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>A follower is given what concerns it, alone or many at once; all else passes it by.</summary>
public sealed class InterestTests
{
    static readonly FollowerOptions Long =
        new() { Lease = TimeSpan.FromMinutes(10), ParkedRetryFirst = TimeSpan.FromHours(1) };

    [Theory, EveryEngine]
    public async Task AFollowerIsGivenWhatItDeclaredAndItsCursorPassesAllElse(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var (store, shard) = (fleet.NewStore(), new ShardId(0));
        Recorder[] recorders =
        [
            new("pins") { Interests = new() { Types = [Pin.Type] } },
            new("lists") { Interests = new() { Mappings = [BoardHasPins] } },
            new("words") { Interests = new() { Events = ["word"] } },
            new("kinds") { Interests = new() { Kinds = [JournalEntryKind.Event] } },
            new("all"),
            new("none") { Interests = new() },
        ];
        var board = await CreateAsync(store, shard, new Board("Fruit"));
        var pin = await CreateAsync(store, shard, new Pin("Quince"));
        await CommitAsync(store, shard, t => t.Put(BoardHasPins, board, pin, 1));
        await CommitAsync(store, shard, t => t.Say("word", board));
        await CommitAsync(store, shard, t => t.Say("other", board));

        var host = await fleet.StartHostAsync(Long, recorders, store);
        await host.DrainAsync();

        recorders.Select(r => string.Join(' ', r.Of(shard))).ShouldBe(["2", "3", "4", "4 5", "1 2 3 4 5", ""]);
        (await fleet.CursorAsync(store, shard, "none")).ShouldBe(5);
    }

    [Theory, EveryEngine]
    public async Task ABatchHoldsManyShardsTransactionsThoseOfEachInOrderAndNoneTwiceAtOnce(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 16);
        var (store, batches) = (fleet.NewStore(), new Batches());
        for (var i = 0; i < 5; i++)
            await Task.WhenAll(fleet.Shards.Select(shard => Fleet.WriteAsync(store, shard)));

        var host = await fleet.StartHostAsync(Long, [batches], store);
        await host.DrainAsync();

        foreach (var shard in fleet.Shards)
            batches.Given.SelectMany(b => b).Where(t => t.Shard == shard).Select(t => t.Seq)
                .ShouldBe([1, 2, 3, 4, 5]);
        batches.Given.ShouldContain(b => b.Select(t => t.Shard).Distinct().Count() > 1);
        batches.Given.ShouldAllBe(b => b.Count <= batches.TransactionsAtOnceMax);
        batches.HasOverlapped.ShouldBeFalse();
    }

    [Theory, EveryEngine]
    public async Task OfABatchThatFailsOnlyWhatFailsByItselfIsParked(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 4);
        var store = fleet.NewStore();
        for (var i = 0; i < 4; i++)
            await Task.WhenAll(fleet.Shards.Select(shard => Fleet.WriteAsync(store, shard)));
        var batches = new Batches { FailsAt = (new ShardId(1), 2) };

        var host = await fleet.StartHostAsync(Long, [batches], store);
        await host.DrainAsync();

        (await host.Parked.ListAsync("batches")).Select(p => (p.Shard, p.Seq)).ShouldBe([(new ShardId(1), 2L)]);
        foreach (var shard in fleet.Shards)
            batches.Given.SelectMany(b => b).Where(t => t.Shard == shard).Select(t => t.Seq)
                .ShouldBe(shard.Value == 1 ? [1, 3, 4] : [1, 2, 3, 4]);
    }

    static async Task<ObjectId<T>> CreateAsync<T>(ShardedStore store, ShardId shard, T body) where T : class
    {
        var transaction = store.Begin(shard);
        var created = transaction.Create(body);
        await transaction.CommitAsync();
        return created.Id;
    }

    static Task CommitAsync(ShardedStore store, ShardId shard, Action<Transaction> write)
    {
        var transaction = store.Begin(shard);
        write(transaction);
        return transaction.CommitAsync();
    }

    /// <summary>Remembers the batches that it took, and whether a shard was in two at once.</summary>
    sealed class Batches : IBatchFollower
    {
        readonly Lock _gate = new();
        readonly List<IReadOnlyList<JournalTransaction>> _given = [];
        readonly HashSet<ShardId> _running = [];

        public string Name => "batches";

        public int TransactionsAtOnceMax => 12;

        public (ShardId, long)? FailsAt { get; init; }

        public bool HasOverlapped { get; private set; }

        public IReadOnlyList<IReadOnlyList<JournalTransaction>> Given
        {
            get
            {
                lock (_gate)
                    return [.. _given];
            }
        }

        public async ValueTask HandleAsync(IReadOnlyList<JournalTransaction> batch, CancellationToken cancellation)
        {
            var shards = batch.Select(t => t.Shard).Distinct().ToList();
            lock (_gate)
                HasOverlapped |= shards.Count(s => _running.Add(s)) < shards.Count;
            await Task.Yield();
            lock (_gate)
            {
                _running.ExceptWith(shards);
                if (batch.Any(t => (t.Shard, t.Seq) == FailsAt))
                    throw new InvalidOperationException("not this one");
                _given.Add(batch);
            }
        }
    }
}
