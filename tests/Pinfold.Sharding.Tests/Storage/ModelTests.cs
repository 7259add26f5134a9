using Pinfold.Sharding.Storage;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Storage.StorageModel;

namespace Pinfold.Sharding.Tests.Storage;

/// <summary>
/// Random commits, good and bad, on every engine and on a model; what both hold is compared as it is read.
/// </summary>
public sealed class ModelTests
{
    const int Commits = 150, CompareEvery = 10;

    // Few of everything, so that commits meet.
    static readonly byte[][] Names = ["ada"u8.ToArray(), "bob"u8.ToArray(), [0, 39, 92]];
    static readonly TransactionId[] Owners =
        [.. Enumerable.Range(1, 3).Select(i => new TransactionId(new Guid(i, 0, 0, new byte[8])))];

    [Theory, EveryEngine]
    public async Task AShardHoldsWhatTheModelHolds(string engine)
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        await using var shards = await TestShards.StartAsync(engine);
        var model = new ModelOfAShard(shards.Shard, 1);
        PendingTransaction? last = null;

        for (var i = 1; i <= Commits; i++)
        {
            var commit = NewCommit(random, model, last);
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

    static ShardCommit NewCommit(Random random, ModelOfAShard model, PendingTransaction? last)
    {
        var transactions = Enumerable.Range(0, random.Next(1, 4)).Select(_ => NewTransaction(random, model)).ToList();
        if (last is not null && random.Next(20) == 0)
            transactions[^1] = last;
        return new ShardCommit(model.Shard, random.Next(20) == 0 ? 2 : 1, transactions);
    }

    static PendingTransaction NewTransaction(Random random, ModelOfAShard model)
    {
        var operations = new List<WriteOperation>();
        var newObjects = 0;
        var types = new List<ObjectType>();
        for (var i = random.Next(7); i > 0; i--)
        {
            ObjectType type = random.Next(2) == 0 ? Pin.Type : Board.Type;
            Mapping mapping = random.Next(3) == 0 ? BoardFollowsBoards : BoardHasPins;
            var (local, isRight) = Known(type);
            long? version = random.Next(3) == 0 ? null
                : model.Things.GetValueOrDefault((type.Number, local))?.Version ?? 1;
            if (random.Next(30) == 0)
                version = 99;
            switch (random.Next(12))
            {
                case 0 or 1 or 2:
                    types.Add(type);
                    operations.Add(new CreateObject(type, ++newObjects, Bytes()));
                    break;
                case 3 or 4 when isRight:
                    operations.Add(new UpdateObject(type, local, version, Bytes()));
                    break;
                case 5 when isRight:
                    operations.Add(new DeleteObject(type, local, version, random.Next(2) == 0));
                    break;
                case 6 or 7 or 8:
                    operations.Add(new PutEntry(mapping, End(2), End(mapping == BoardHasPins ? 1 : 2),
                        random.Next(-3, 4), Bytes()));
                    break;
                case 9:
                    operations.Add(new RemoveEntry(mapping, Old(2), Old(mapping == BoardHasPins ? 1 : 2)));
                    break;
                default:
                    operations.Add(NameOperation());
                    break;
            }
        }
        return TestShards.NewOn(model.Shard, [.. operations]);

        byte[] Bytes()
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            return bytes;
        }

        // Mostly one that lives; else, rarely, whatever number.
        (long, bool) Known(ObjectType type)
        {
            var alive = model.Things.Where(t => t.Key.Type == type.Number && t.Value.State == 0)
                .Select(t => t.Key.Local).Order().ToList();
            return alive.Count > 0 && random.Next(30) > 0 ? (alive[random.Next(alive.Count)], true)
                : (random.Next(1, 20), random.Next(10) == 0);
        }

        ObjectId Old(int type) => new(model.Shard, type, random.Next(1, 8));

        IdOrNew End(int type)
        {
            var ordinals = Enumerable.Range(1, newObjects).Where(o => types[o - 1].Number == type).ToList();
            return ordinals.Count > 0 && random.Next(2) == 0
                ? new IdOrNew(default, model.Shard, type, ordinals[random.Next(ordinals.Count)]) : Old(type);
        }

        WriteOperation NameOperation()
        {
            var (kind, name, owner) =
                ((byte)random.Next(1, 3), Names[random.Next(Names.Length)], Owners[random.Next(Owners.Length)]);
            return random.Next(4) switch
            {
                0 when !model.Names.ContainsKey((kind, ModelOfAShard.Hex(name))) || random.Next(5) == 0 =>
                    new ReserveName(kind, name, model.Shard, owner, DateTimeOffset.UnixEpoch),
                1 => new ConfirmName(kind, name, owner, End(2)),
                2 => new ReleaseName(
                    kind, name, random.Next(3) == 0 ? null : owner, random.Next(2) == 0 ? default : Old(2)),
                _ => new ConfirmName(kind, name, owner, Old(2)),
            };
        }
    }

    static async Task CompareAsync(TestShards shards, ModelOfAShard model, Random random)
    {
        (await shards.ShardRowAsync(shards.Shard))
            .ShouldBe(new ShardRow(1, ShardState.Open, model.LastSeq, model.LastLocal));
        var locals = Enumerable.Range(1, (int)model.LastLocal + 2).Select(i => (long)i).ToArray();
        foreach (var type in new ObjectType[] { Pin.Type, Board.Type })
        {
            var read = await shards.ReadAsync(new ObjectsRead(shards.Shard, type, locals));
            read.Rows.Select(r => r is null ? null : $"{r.Local} {r.Version} {r.Seq} {ModelOfAShard.Hex(r.Body)}")
                .ShouldBe(locals.Select(l => model.Things.GetValueOrDefault((type.Number, l)) is { State: 0 } t
                    ? $"{l} {t.Version} {t.Seq} {t.Body}" : null));
        }
        foreach (var mapping in new Mapping[] { BoardHasPins, BoardFollowsBoards })
            foreach (var from in locals.Select(l => new ObjectId(shards.Shard, 2, l)))
            {
                var list = model.ListOf(mapping, from);
                var newestFirst = random.Next(2) == 0;
                var expected = list.Select(e => (e.Value.Sequence, To: e.Key, e.Value.Body)).Order();
                (await shards.CountAsync(mapping, from)).ShouldBe(list.Count);
                (await shards.ListAsync(mapping, from, new PageRequest(1000) { NewestFirst = newestFirst }))
                    .Select(r => (r.Sequence, r.To, ModelOfAShard.Hex(r.Body)))
                    .ShouldBe(newestFirst ? expected.Reverse() : expected);
            }
        foreach (var kind in new byte[] { 1, 2 })
            foreach (var name in Names)
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
