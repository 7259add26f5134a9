using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.RoundTrips;

/// <summary>What each call costs, counted on the wire; a new connection's own first words are not counted.</summary>
public sealed class RoundTripTests
{
    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriteOfAnythingIsOneRoundTrip(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var (shelf, notes) = await FillAsync(test, test.Shard, 3);
        test.Proxy.ResetCounts();

        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note("new"));
        transaction.Put(ShelfHasNotes, shelf, note, 10);
        transaction.Put(NoteInShelves, note, shelf, 10, "body"u8);
        transaction.Update(notes[0], new Note("other"), expectedVersion: 1);
        transaction.Remove(ShelfHasNotes, shelf, notes[1]);
        transaction.Delete(notes[2]);
        transaction.Say("done", note);
        await transaction.CommitAsync();

        test.Proxy.RoundTripCount.ShouldBe(1);
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task ANameCostsOneRoundTripMore(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        await FillAsync(test, test.Shard, 1);
        test.Proxy.ResetCounts();

        var transaction = test.Store.Begin(test.Shard);
        var note = transaction.Create(new Note("named"));
        await transaction.ClaimAsync(Handles, test.NewName(), note);
        await transaction.CommitAsync();

        test.Proxy.RoundTripCount.ShouldBe(2);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WritesThatWaitTogetherAreCommittedTogetherAndEachKnowsItsNumber(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 4 });
        foreach (var shard in test.Shards)
            await FillAsync(test, shard, 1);
        test.Proxy.ResetCounts();

        List<Transaction> writes;
        Task<Commit[]> committing;
        await using (await test.HoldAsync(test.Shard))
        {
            writes = [.. Enumerable.Range(0, 16).Select(i => test.Store.Begin(test.Shard))];
            writes.ForEach(w => w.Create(new Note($"{w.Id}")));
            var first = writes[0].CommitAsync();
            await test.AllUnderWayAsync(test.Shard);
            committing = Task.WhenAll([first, .. writes.Skip(1).Select(w => w.CommitAsync())]);
        }
        var commits = await committing;

        test.Proxy.Sql.Count.ShouldBe(2, "the first on its own, and the fifteen that waited behind it");
        foreach (var (write, commit) in writes.Zip(commits))
            (await test.SeqsOfAsync(test.Shard, write.Id)).ShouldBe([commit.Seq]);
        await test.AuditAsync();
    }

    [Fact]
    public async Task FiftyObjectsOfSixteenShardsOnTwoServersAreTwoRoundTrips()
    {
        await using var test = await TestStore.StartAsync("MariaDB", new() { Shards = 16, Servers = 2 });
        var ids = new List<ObjectId<Note>>();
        foreach (var shard in test.Shards)
            ids.AddRange((await FillAsync(test, shard, 4)).Notes);
        var asked = ids.Take(49).Append(Note.Type.Id(new ObjectId(test.Shard, 1, 99))).Reverse().ToList();
        foreach (var proxy in test.Proxies)
            proxy.ResetCounts();

        var found = await test.Store.FindManyAsync(asked);

        test.Proxies.Select(p => p.RoundTripCount).ShouldBe([1, 1]);
        found.Select(f => f?.Id).ShouldBe(asked.Select((id, i) => i == 0 ? default(ObjectId<Note>?) : id));
        found.Skip(1).ShouldAllBe(f => f!.Body.Title.StartsWith("note", StringComparison.Ordinal));
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AReadOfAnyKindIsOneRoundTripAndABatchOfThemToo(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Shards = 2 });
        var (shelf, notes) = await FillAsync(test, test.Shard, 5);
        var (shelf2, notes2) = await FillAsync(test, test.Shards[1], 2);

        await CostsOneAsync(() => test.Store.FindAsync(notes[0]));
        await CostsOneAsync(() => test.Store.FindManyAsync([.. notes, .. notes2]));
        await CostsOneAsync(() => test.Store.PageAsync(ShelfHasNotes, shelf, new PageRequest(3)));
        await CostsOneAsync(() => test.Store.CountAsync(ShelfHasNotes, shelf));
        var batch = test.Store.Read();
        var (one, none) = (batch.Find(notes2[1]), batch.Find(Note.Type.Id(new ObjectId(test.Shard, 1, 999))));
        var (page, count) = (batch.Page(ShelfHasNotes, shelf, new PageRequest(3)), batch.Count(ShelfHasNotes, shelf2));
        var (entries, board) = (batch.Entries(ShelfHasNotes, shelf2, [notes2[1], notes[0]]), batch.Find(shelf));
        await CostsOneAsync(() => batch.ExecuteAsync());

        one.Value!.Body.Title.ShouldBe("note 1");
        none.Value.ShouldBeNull();
        page.Value.Items.Select(i => i.To).ShouldBe([notes[4], notes[3], notes[2]]);
        page.Value.Next.ShouldNotBeNull();
        count.Value.ShouldBe(2);
        entries.Value.Select(e => e.To).ShouldBe([notes2[1]]);
        board.Value!.Body.Title.ShouldBe("shelf");

        async Task CostsOneAsync(Func<Task> call)
        {
            test.Proxy.ResetCounts();
            await call();
            test.Proxy.RoundTripCount.ShouldBe(1);
        }
    }

    [Fact]
    public async Task SixtyFourShardsOnTwoServersNeedNoMoreConnectionsThanTwoPools()
    {
        const int ConnectionsMax = 5;
        await using var test = await TestStore.StartAsync(
            "MariaDB", new() { Shards = 64, Servers = 2, ConnectionsMax = ConnectionsMax });
        var filled = await Task.WhenAll(test.Shards.Select(shard => FillAsync(test, shard, 2)));

        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => filled).Select(async f =>
        {
            await test.Store.FindAsync(f.Notes[0]);
            await test.Store.PageAsync(ShelfHasNotes, f.Shelf, new PageRequest(2));
        }));

        // The servers also see each test's own; only the store's go through the proxies.
        test.Proxies.ShouldAllBe(p => p.ConnectionCount <= ConnectionsMax);
        test.Proxies.ShouldAllBe(p => p.ConnectionCount > 1);
    }
}
