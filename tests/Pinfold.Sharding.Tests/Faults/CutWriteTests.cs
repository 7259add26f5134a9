using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>The connection is cut at every place of the batch that a write is, and around it.</summary>
public sealed class CutWriteTests
{
    const int Sample = 24;
    int _lists;

    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriteCutAnywhereIsTriedAgainAndHappensExactlyOnce(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var notes = await NoteWriter.OnShelvesAsync(test);

        foreach (var point in await EveryPlaceAsync(test, notes))
        {
            test.Proxy.ResetCounts();
            var cut = test.Proxy.Cut(point with { Matching = NoteWriter.IsCommit });
            var write = notes.Begin(test.Shard);
            var committing = write.Transaction.CommitAsync();
            await cut.Done;
            await DropPartedWhenTriedAgainAsync(test, committing);

            await notes.HappenedOnceAsync(write, await committing, point.ToString());
        }
        await test.AuditAsync();
    }

    /// <summary>Of a second attempt the condition does not hold, since the first was done.</summary>
    [Theory, EveryEngine(IsServer = true)]
    public async Task TheFirstEntryOfAListThatIsRequiredToBeEmptyIsThereOnceWhereverItIsCut(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var notes = await NoteWriter.OnShelvesAsync(test);

        foreach (var point in await EveryPlaceAsync(test, notes))
        {
            var shelf = Shelf.Type.Id(new ObjectId(test.Shard, Shelf.Type.Number, 1_000_000 + ++_lists));
            var write = test.Store.Begin(test.Shard);
            write.RequireEmpty(ShelfHasNotes, shelf);
            write.Put(ShelfHasNotes, shelf, write.Create(new Note("the first")), 1);
            test.Proxy.ResetCounts();
            var cut = test.Proxy.Cut(point with { Matching = NoteWriter.IsCommit });
            var committing = write.CommitAsync();
            await cut.Done;
            await DropPartedWhenTriedAgainAsync(test, committing);

            var commit = await committing;

            (await test.SeqsOfAsync(test.Shard, write.Id)).ShouldBe([commit.Seq], point.ToString());
            (await test.Store.CountAsync(ShelfHasNotes, shelf)).ShouldBe(1, point.ToString());
        }
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriterThatIsCutOffIsToldThatTheOutcomeIsUnknownAndSettlesItLater(string engine)
    {
        using var time = new FlowingTime();
        await using var test = await TestStore.StartAsync(engine, new() { Time = time, ConnectionsMax = 1 });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var (found, givenUp) = (0, 0);

        foreach (var point in await EveryPlaceAsync(test, notes))
        {
            var write = notes.Begin(test.Shard);
            var cut = test.Proxy.Cut(point with { Matching = NoteWriter.IsCommit });
            test.Proxy.RefuseConnections();
            var committing = write.Transaction.CommitAsync();
            await cut.Done;
            await Eventually.EndsAsync(committing, time);
            await Places.IsUnknownAsync(committing, point);
            test.Proxy.AcceptConnections();
            test.Proxy.DropParted();

            var commit = (await test.Store.ResolveAsync(test.Shard, write.Transaction.Id))?.Commit;

            if (commit is { } happened)
                await notes.HappenedOnceAsync(write, happened, point.ToString());
            else
                await notes.NeverHappenedAsync(write, point.ToString());
            await notes.StragglerIsRefusedAsync(write, point.ToString());
            (await write.Transaction.ResolveAsync()).ShouldBe(commit, point.ToString());
            _ = commit is null ? givenUp++ : found++;
        }
        found.ShouldBeGreaterThan(3);
        givenUp.ShouldBeGreaterThan(3);
        await test.AuditAsync();
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AWriteThatIsRefusedWhileItsFirstAttemptIsStillUnderWayCannotComeLate(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var shelf = notes.Shelf(test.Shard);
        await test.SqlAsync(test.Shard, $"UPDATE objects SET state=1 WHERE type=2 AND local_id={shelf.Local}");

        // The first attempt gets lost on its way; the second is refused, for the shelf is hidden.
        test.Proxy.Cut(CutPoint.BeforeCommand() with { Matching = NoteWriter.IsCommit });
        var write = notes.Begin(test.Shard);
        var error = await Should.ThrowAsync<PinfoldException>(() => write.Transaction.CommitAsync());
        error.Kind.ShouldBe(ErrorKind.NotFound);

        await test.SqlAsync(test.Shard, $"UPDATE objects SET state=0 WHERE type=2 AND local_id={shelf.Local}");
        await notes.StragglerIsRefusedAsync(write, "now nothing but its transaction id stands in its way");
        await notes.NeverHappenedAsync(write, "told so");
        await test.AuditAsync();
    }

    /// <remarks>MySQL's ROW_COUNT() is -1 after a statement whose answer could not be sent.</remarks>
    [Theory, EveryEngine(IsServer = true)]
    public async Task CountsAreRightThoughTheServerCouldNotAnswer(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);

        await CommitUnansweredAsync(test, write.Transaction);

        await test.AuditAsync();
        var removal = test.Store.Begin(test.Shard);
        removal.Update(notes.Shelf(test.Shard), new StoreModel.Shelf("emptier"));
        removal.Remove(StoreModel.NoteInShelves, write.Note.Id, notes.Shelf(test.Shard));
        await CommitUnansweredAsync(test, removal);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AWriteThatSomebodyGaveUpBeforeItWasSentIsNotTakenForDone(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var notes = await NoteWriter.OnShelvesAsync(test);
        var write = notes.Begin(test.Shard);

        (await test.Store.ResolveAsync(test.Shard, write.Transaction.Id)).ShouldBeNull();
        var error = await Should.ThrowAsync<PinfoldException>(() => write.Transaction.CommitAsync());

        error.Kind.ShouldBe(ErrorKind.Conflict);
        error.IsTransient.ShouldBeFalse("another attempt under this id fares no better");
        error.Message.ShouldContain(write.Transaction.Id.ToString());
        await notes.NeverHappenedAsync(write, "it was given up");
        await test.AuditAsync();
    }

    /// <summary>
    /// The connection is cut while the update waits for its row, so that no answer from there on can be sent.
    /// </summary>
    static async Task CommitUnansweredAsync(TestStore test, Transaction transaction)
    {
        Task committing;
        await using (await test.HoldAsync(test.Shard, "objects"))
        {
            committing = transaction.CommitAsync();
            await test.WaitsForLockAsync(test.Shard);
            test.Proxy.CutAll();
        }
        await committing;
    }

    static async Task<IReadOnlyList<CutPoint>> EveryPlaceAsync(TestStore test, NoteWriter notes)
    {
        test.Proxy.ResetCounts();
        await notes.Begin(test.Shard).Transaction.CommitAsync();
        var sql = test.Proxy.Sql.ShouldHaveSingleItem();
        SqlStatements.Count(sql).ShouldBeGreaterThan(5, "a write is a batch of many statements");
        return Places.TwiceIn(sql, Sample);
    }

    /// <summary>
    /// The next attempt may have to wait for the locks of the one that was cut, until the server notices.
    /// </summary>
    static async Task DropPartedWhenTriedAgainAsync(TestStore test, Task committing)
    {
        await Eventually.HoldsAsync(() => committing.IsCompleted || test.Proxy.Commands.Count(NoteWriter.IsCommit) > 1);
        test.Proxy.DropParted();
    }
}
