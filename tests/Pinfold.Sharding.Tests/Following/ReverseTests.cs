using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>The library keeps the reverse of a mapping, on whatever shard its other end is.</summary>
public sealed class ReverseTests
{
    static readonly FollowerOptions Options = new() { Lease = TimeSpan.FromMinutes(10), Sweep = TimeSpan.FromDays(1) };

    [Theory, EveryEngine]
    public async Task WhatIsPutAndRemovedIsSoOnTheOtherSideAndCountedThere(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine);
        var store = fleet.NewStore(model: StorageModel.Model);
        var host = await fleet.StartHostAsync(Options, [], store);
        var boards = Enumerable.Range(0, 4).Select(i => IdOf(i, 7)).ToList();
        foreach (var from in boards)
            foreach (var to in boards)
                await PutAsync(store, from, to, 100 + (long)from.Shard.Value);

        await RemoveAsync(store, boards[1], boards[2]);
        await host.DrainAsync();

        foreach (var to in boards)
        {
            var expected = boards.Where(from => (from, to) != (boards[1], boards[2])).ToList();
            var page = await store.PageAsync(BoardFollowedByBoards, to, new PageRequest(10) { NewestFirst = false });
            page.Items.Select(e => (e.To, e.Sequence))
                .ShouldBe(expected.Select(from => (from, 100 + (long)from.Shard.Value)));
            (await store.CountAsync(BoardFollowedByBoards, to)).ShouldBe(expected.Count);
        }
    }

    [Fact]
    public async Task AReverseIsWrittenByNobodyButItsFollower()
    {
        await using var fleet = await Fleet.StartAsync(TestShards.Sqlite, shards: 1);
        var transaction = fleet.NewStore(model: StorageModel.Model).Begin(new ShardId(0));

        Should.Throw<PinfoldException>(() => transaction.Put(BoardFollowedByBoards, IdOf(0, 1), IdOf(0, 2), 0)).Message
            .ShouldContain("board_follows_boards");
        Should.Throw<PinfoldException>(() => transaction.Remove(BoardFollowedByBoards, IdOf(0, 1), IdOf(0, 2)))
            .Kind.ShouldBe(ErrorKind.Invalid);
    }

    [Theory, EveryEngine]
    public async Task AnyOrderOfAnyRepeatsOfTheJournalEndsTheSame(string engine)
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var store = fleet.NewStore(model: StorageModel.Model);
        var boards = Enumerable.Range(0, 6).Select(i => IdOf(i % 2, 1 + i)).ToList();
        var follows = new HashSet<(ObjectId<Board>, ObjectId<Board>)>();
        for (var i = 0; i < 60; i++)
        {
            var (from, to) = (boards[random.Next(6)], boards[random.Next(6)]);
            if (follows.Remove((from, to)))
                await RemoveAsync(store, from, to);
            else if (follows.Add((from, to)))
                await PutAsync(store, from, to, i);
        }
        var journal = await JournalAsync(fleet, store);

        for (var round = 0; round < 6; round++)
        {
            var order = journal.Concat(journal).ToArray();
            random.Shuffle(order);
            var parts = order.Chunk(random.Next(1, 30)).ToList();
            // A follower that has lost its shard may be writing still while the next one does.
            await Task.WhenAll(parts.Select(part => new ReverseFollower(store).HandleAsync(part, default).AsTask()));
        }

        foreach (var to in boards)
        {
            var expected = follows.Where(f => f.Item2 == to).Select(f => f.Item1).Order().ToList();
            (await store.PageAsync(BoardFollowedByBoards, to, new PageRequest(100))).Items.Select(e => e.To).Order()
                .ShouldBe(expected);
            (await store.CountAsync(BoardFollowedByBoards, to)).ShouldBe(expected.Count);
        }
    }

    [Theory, EveryEngine]
    public async Task ManyChangesOfOneObjectAreOneTransactionForEachShardOfTheOtherSide(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var store = fleet.NewStore(model: StorageModel.Model);
        var transaction = store.Begin(new ShardId(0));
        for (var i = 1; i <= 600; i++)
            transaction.Put(BoardFollowsBoards, IdOf(0, 1), IdOf(i % 2, i), 0);
        await transaction.CommitAsync();

        await new ReverseFollower(store).HandleAsync(await JournalAsync(fleet, store), default);

        var rows = (await JournalAsync(fleet, store)).Where(t => t.Entries[0].Mapping == BoardFollowedByBoards.Number);
        rows.Select(t => $"{t.Shard}: {t.Entries.Count}").ShouldBe(["0: 300", "1: 300"]);
    }

    [Theory, EveryEngine]
    public async Task WhatWasParkedUntilItsTombstoneIsGoneIsNotDoneAnyMore(string engine)
    {
        await using var fleet = await Fleet.StartAsync(engine, shards: 2);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
        var store = fleet.NewStore(time, model: StorageModel.Model);
        var (from, other, third, to) = (IdOf(0, 1), IdOf(0, 2), IdOf(0, 3), IdOf(1, 1));
        var follower = new ReverseFollower(store);
        await PutAsync(store, from, to, 1);
        await PutAsync(store, other, to, 1);
        await RemoveAsync(store, from, to);
        await HandleAsync(3);
        time.Advance(TimeSpan.FromDays(2));
        await PutAsync(store, third, to, 1);
        await RemoveAsync(store, third, to);
        await HandleAsync(4, 5); // which sweeps the list

        await HandleAsync(1, 2);

        (await store.PageAsync(BoardFollowedByBoards, to, new PageRequest(10))).Items.ShouldHaveSingleItem()
            .To.ShouldBe(other);
        (await store.CountAsync(BoardFollowedByBoards, to)).ShouldBe(1);

        async Task HandleAsync(params int[] numbers) => await follower.HandleAsync(
            [.. (await JournalAsync(fleet, store)).Where(t => t.Shard.Value == 0 && numbers.Contains((int)t.Seq))],
            default);
    }

    static ObjectId<Board> IdOf(int shard, long local) =>
        Board.Type.Id(new ObjectId(new ShardId(shard), Board.Type.Number, local));

    static Task PutAsync(ShardedStore store, ObjectId<Board> from, ObjectId<Board> to, long sequence)
    {
        var transaction = store.Begin(from.Shard);
        transaction.Put(BoardFollowsBoards, from, to, sequence);
        return transaction.CommitAsync();
    }

    static Task RemoveAsync(ShardedStore store, ObjectId<Board> from, ObjectId<Board> to)
    {
        var transaction = store.Begin(from.Shard);
        transaction.Remove(BoardFollowsBoards, from, to);
        return transaction.CommitAsync();
    }

    /// <summary>All of it, those of each shard in order.</summary>
    static async Task<List<JournalTransaction>> JournalAsync(Fleet fleet, ShardedStore store)
    {
        var journal = new List<JournalTransaction>();
        foreach (var shard in fleet.Shards)
        {
            var read = new Pinfold.Sharding.Engines.JournalRead(shard, 0, 10_000);
            await store.Router.ReadAsync([read], default);
            journal.AddRange(read.Rows.Select(row => JournalCodec.Decode(shard, row)));
        }
        return journal;
    }
}
