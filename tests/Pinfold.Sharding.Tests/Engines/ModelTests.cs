using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Engines.StorageModel;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>
/// Random commits, good and bad, on every engine and on a model; what both hold is compared as it is read.
/// </summary>
public sealed class ModelTests
{
    const int Commits = 150, CompareEvery = 10;

    [Theory, EveryEngine]
    public async Task AShardHoldsWhatTheModelHolds(string engine)
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        await using var shards = await TestShards.StartAsync(engine);
        var model = new ModelOfAShard(shards.Shard, 1);
        PendingTransaction? last = null;

        for (var i = 1; i <= Commits; i++)
        {
            var commit = new RandomCommit(random, model).Draw(last);
            last = commit.Transactions[^1];
            var (next, failures) = model.Commit(commit);
            try
            {
                var receipts = await shards.Server.CommitAsync([commit], CancellationToken.None);
                failures.ShouldBeEmpty($"commit {i}");
                receipts.ShouldBe(commit.Transactions.Select(t => next.Journal[t.Id]), $"commit {i}");
            }
            catch (CommitFailedException e)
            {
                failures.ShouldContain(e.Failure, $"commit {i}: {e.Message}");
            }
            model = next;
            if (i % CompareEvery == 0)
                await CompareAsync(shards, model, random);
        }
        model.LastSeq.ShouldBeGreaterThan(Commits / 3, "most commits are good ones");
    }

    static async Task CompareAsync(TestShards shards, ModelOfAShard model, Random random)
    {
        (await shards.ShardRowAsync(shards.Shard))
            .ShouldBe(new ShardRow(1, ShardState.Open, model.LastSeq, model.LastLocal));
        var locals = Enumerable.Range(1, Math.Max(8, (int)model.LastLocal + 2)).Select(i => (long)i).ToArray();
        foreach (var type in new ObjectType[] { Pin.Type, Board.Type })
        {
            var read = await shards.ReadAsync(new ObjectsRead(shards.Shard, type, locals));
            read.Rows.Select(r => r is null ? null : $"{r.Local} {r.Version} {r.Seq} {ModelOfAShard.Hex(r.Body)}")
                .ShouldBe(locals.Select(l => model.Things.GetValueOrDefault((type.Number, l)) is { State: 0 } t
                    ? $"{l} {t.Version} {t.Seq} {t.Body}" : null));
        }
        foreach (var mapping in new Mapping[] { BoardHasPins, BoardFollowsBoards, BoardFollowedByBoards })
            foreach (var from in locals.Select(l => new ObjectId(shards.Shard, 2, l)))
            {
                var list = model.ListOf(mapping, from);
                var newestFirst = random.Next(2) == 0;
                var expected = list.Select(e => (e.Value.Sequence, To: e.Key, e.Value.Body)).Order();
                (await shards.CountAsync(mapping, from)).ShouldBe(list.Count);
                var pairs = new EntriesRead(shards.Shard, mapping, from, [.. locals.SelectMany(l =>
                    new[] { new ObjectId(shards.Shard, 1, l), new ObjectId(shards.Shard, 2, l) })]);
                (await shards.ReadAsync(pairs)).Rows.Select(r => r.To).ShouldBe(list.Keys, ignoreOrder: true);
                (await shards.ListAsync(mapping, from, new PageRequest(1000) { NewestFirst = newestFirst }))
                    .Select(r => (r.Sequence, r.To, ModelOfAShard.Hex(r.Body)))
                    .ShouldBe(newestFirst ? expected.Reverse() : expected);
            }
        foreach (var kind in new byte[] { 1, 2 })
            foreach (var name in RandomCommit.Names)
            {
                var row = (await shards.ReadAsync(new NameRead(shards.Shard, kind, name))).Row;
                var expected = model.Names.GetValueOrDefault((kind, ModelOfAShard.Hex(name)));
                (row?.Owner, row?.OwnerTransaction).ShouldBe((expected?.Owner, expected?.Transaction));
            }
        (await shards.ReadAsync(new JournalRead(shards.Shard, 0, 10_000))).Rows
            .Select(r => (r.Transaction, new CommitReceipt(r.Seq, r.LocalBase)))
            .ShouldBe(model.Journal.Select(t => (t.Key, t.Value)).OrderBy(t => t.Value.Seq));
    }
}
