using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Engines;
using Shouldly;
using Xunit;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Writes that the application names, so that whoever tries again writes once.</summary>
public sealed class NamedTransactionTests
{
    readonly TransactionId _name = TransactionId.FromKey($"{Guid.NewGuid()}");

    [Theory, EveryEngine]
    public async Task TheSecondCommitOfAnIdGivesWhatTheFirstGaveAndDoesNothing(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var shelf = await CreateShelfAsync(test);
        var (first, note) = Begin(test.Store, shelf, "first", sequence: 1);
        var commit = await first.CommitAsync();
        await using var other = test.OpenAnother(cache: null);

        var (second, again) = Begin(other, shelf, "second", sequence: 2);

        (await second.CommitAsync()).ShouldBe(commit);
        again.Id.ShouldBe(note.Id);
        (await test.Store.GetAsync(note.Id)).Body.Title.ShouldBe("first");
        var page = await test.Store.PageAsync(ShelfHasNotes, shelf, new PageRequest(10));
        page.Items.ShouldHaveSingleItem().Sequence.ShouldBe(1);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AnotherWriteOfAnIdThatIsUsedIsAConflictAndChangesNothing(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        var shelf = await CreateShelfAsync(test);
        var (first, note) = Begin(test.Store, shelf, "first", sequence: 1);
        await first.CommitAsync();

        var other = test.Store.Begin(test.Shard, _name);
        other.Delete(note.Id);
        var error = await Should.ThrowAsync<PinfoldException>(() => other.CommitAsync());

        error.Kind.ShouldBe(ErrorKind.Conflict);
        error.Message.ShouldContain(_name.ToString());
        (await test.Store.FindAsync(note.Id)).ShouldNotBeNull();
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task OfManyWhoWriteUnderOneNameAtOnceOneDoesAndAllAreToldWhatItMade(string engine)
    {
        await using var test = await TestStore.StartAsync(engine, new() { Time = new HurriedTime() });
        var shelf = await CreateShelfAsync(test);
        ShardedStore[] stores = [test.Store, test.OpenAnother(cache: null)];

        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            stores[i % 2].WriteAsync(test.Shard, _name, (transaction, _) =>
            {
                transaction.Put(ShelfHasNotes, shelf, transaction.Create(new Note($"{i}")), i);
                return Task.CompletedTask;
            })));

        var made = written.Select(w => w.ShouldNotBeNull().Created<Note>().ShouldHaveSingleItem()).Distinct()
            .ShouldHaveSingleItem();
        written.Select(w => w!.Commit).Distinct().ShouldHaveSingleItem();
        var page = await test.Store.PageAsync(ShelfHasNotes, shelf, new PageRequest(10));
        page.Items.ShouldHaveSingleItem().To.ShouldBe(made);
        await test.AuditAsync();
    }

    [Theory, EveryEngine]
    public async Task AWriteWhoseNameWasGivenUpGoesOnUnderTheNextForAllWhoTry(string engine)
    {
        await using var test = await TestStore.StartAsync(engine);
        (await test.Store.ResolveAsync(test.Shard, _name)).ShouldBeNull();

        var first = await WriteAsync();
        var second = await WriteAsync();

        first.ShouldNotBeNull().Transaction.ShouldBe(_name.Next());
        second.ShouldNotBeNull().Commit.ShouldBe(first.Commit);
        (await test.SqlAsync(test.Shard, "SELECT seq FROM journal")).Count.ShouldBe(2, "the one given up, and this");

        Task<JournalTransaction?> WriteAsync() =>
            test.Store.WriteAsync(test.Shard, _name, (transaction, _) =>
            {
                transaction.Create(new Note("once"));
                return Task.CompletedTask;
            });
    }

    [Fact]
    public void AKeyGivesTheSameIdForEverAndSoDoesWhatComesNext()
    {
        var id = TransactionId.FromKey("robin/new-order/7f3a");

        id.ToString().ShouldBe("23bf6838-cc25-87dd-97ea-f7548b09c898");
        id.Next().ToString().ShouldBe("f6e96201-e9f2-8d69-b425-5077cf601976");
    }

    [Fact]
    public async Task AnIdThatIsEmptyIsRefused()
    {
        await using var test = await TestStore.StartAsync(TestShards.Sqlite);

        Should.Throw<PinfoldException>(() => test.Store.Begin(test.Shard, default)).Kind.ShouldBe(ErrorKind.Invalid);
        Should.Throw<PinfoldException>(() => TransactionId.FromKey("")).Kind.ShouldBe(ErrorKind.Invalid);
    }

    (Transaction Transaction, NewObject<Note> Note) Begin(
        ShardedStore store, ObjectId<Shelf> shelf, string title, long sequence)
    {
        var transaction = store.Begin(shelf.Shard, _name);
        var note = transaction.Create(new Note(title));
        transaction.Put(ShelfHasNotes, shelf, note, sequence);
        return (transaction, note);
    }

    static async Task<ObjectId<Shelf>> CreateShelfAsync(TestStore test)
    {
        var transaction = test.Store.Begin(test.Shard);
        var shelf = transaction.Create(new Shelf("a shelf"));
        await transaction.CommitAsync();
        return shelf.Id;
    }
}
