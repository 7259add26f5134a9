using System.Collections.Concurrent;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Operations;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Following;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Moving;

/// <summary>
/// Shards that are written, read and followed all the while go there and back: nothing fails or is lost.
/// </summary>
public sealed class MoveTrafficTests(ITestOutputHelper output)
{
    const int Writers = 4;

    static int Rounds => Soak.Times(1, 10);

    [Theory, EveryPair]
    public async Task WritersReadersAndFollowersGoOnAndNothingIsLost(string from, string to)
    {
        await using var fleet = await MoveFleet.StartAsync(from, to);
        var seen = new Recorder();
        await using var host = new FollowerHost(fleet.NewStore(), [seen], new FollowerOptions());
        await host.StartAsync();
        using var end = new CancellationTokenSource();
        var seed = Seed.Take(output.WriteLine);
        var acknowledged = new ConcurrentDictionary<TransactionId, Commit>();
        var writers = Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(
            fleet.NewStore(), new Random(seed.Value + i), [.. fleet.Shards], acknowledged, end.Token))).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await AwaitMoreAsync(acknowledged, writers);
            Report(await fleet.MoveAsync("b"));
            await AwaitMoreAsync(acknowledged, writers);
            Report(await fleet.MoveBackAsync());
            await fleet.CleanUpAsync();
        }
        await AwaitMoreAsync(acknowledged, writers);
        Report(await fleet.MoveAsync("b"));
        await AwaitMoreAsync(acknowledged, writers);
        await end.CancelAsync();
        await Task.WhenAll(writers);

        await fleet.AuditAsync("b");
        foreach (var shard in fleet.Shards)
        {
            // A number twice, or a transaction, makes the dictionary refuse.
            var kept = (await fleet.SqlAsync("b", shard, "SELECT tx,seq FROM journal")).ToDictionary(
                row => TransactionId.FromBytes(Convert.FromHexString(row[0])), row => row[1]);
            foreach (var (transaction, commit) in acknowledged.Where(write => write.Value.Shard == shard))
                kept.GetValueOrDefault(transaction).ShouldBe($"{commit.Seq}");
        }
        await host.DrainAsync();
        foreach (var shard in fleet.Shards)
        {
            // Again is allowed, a gap is not.
            var numbers = seen.Of(shard).Distinct().Order().ToList();
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(i => (long)i));
            numbers.Count.ShouldBe(int.Parse((await fleet.SqlAsync("b", shard, "SELECT COUNT(*) FROM journal"))[0][0]));
        }
        output.WriteLine($"{acknowledged.Count} writes");

        void Report(OperationStatus status)
        {
            status.State.ShouldBe(OperationState.Done);
            output.WriteLine($"{status.Title}: {string.Join(", ", status.Steps.Where(s => s.Name == "switch")
                .Select(s => s.Figures))}");
        }
    }

    /// <summary>Until another few hundred writes were acknowledged, or a writer failed.</summary>
    static async Task AwaitMoreAsync(
        ConcurrentDictionary<TransactionId, Commit> acknowledged, List<Task> writers)
    {
        var due = acknowledged.Count + 200;
        await Following.Eventually.BecomesAsync(
            async () =>
            {
                if (writers.Find(writer => writer.IsCompleted) is { } ended)
                    await ended;
                return acknowledged.Count >= due;
            }, "more writes");
    }

    static async Task WriteAsync(
        ShardedStore store, Random random, ShardId[] shards,
        ConcurrentDictionary<TransactionId, Commit> acknowledged, CancellationToken end)
    {
        var shelves = new List<ObjectId<Shelf>>();
        foreach (var shard in shards)
        {
            var first = store.Begin(shard);
            var shelf = first.Create(new Shelf("shelf"));
            await first.CommitAsync();
            shelves.Add(shelf.Id);
        }
        var notes = new List<(ObjectId<Note> Id, ObjectId<Shelf> On, int Text)>();
        for (var n = 0; !end.IsCancellationRequested; n++)
        {
            // A copy that is written faster than it can follow never catches up.
            await Task.Delay(random.Next(5, 15), CancellationToken.None);
            if (notes.Count > 0 && random.Next(3) == 0)
            {
                var known = notes[random.Next(notes.Count)];
                (await store.GetAsync(known.Id)).ShouldNotBeNull().Body.Title.ShouldBe($"{known.Text}");
                continue;
            }
            var shelf = shelves[random.Next(shelves.Count)];
            var id = TransactionId.New(store.Time.GetUtcNow());
            var transaction = store.Begin(shelf.Shard, id);
            var (at, gone) = (-1, -1);
            var made = transaction.Create(new Note($"{n}"));
            transaction.Put(ShelfHasNotes, shelf, made, n);
            if (notes.FindIndex(note => note.On == shelf) is >= 0 and var old && random.Next(2) == 0)
            {
                at = old;
                transaction.Update(notes[at].Id, new Note($"{n}"));
                transaction.Put(ShelfHasNotes, shelf, notes[at].Id, -n);
            }
            if (notes.FindLastIndex(note => note.On == shelf) is >= 0 and var last && last != at && random.Next(3) == 0)
            {
                gone = last;
                transaction.Remove(ShelfHasNotes, shelf, notes[gone].Id);
            }
            var commit = await transaction.CommitAsync(CancellationToken.None);
            acknowledged[id] = commit;
            if (at >= 0)
                notes[at] = notes[at] with { Text = n };
            notes.Add((made.Id, shelf, n));
            if (gone >= 0)
                notes.RemoveAt(gone);
        }
    }
}
