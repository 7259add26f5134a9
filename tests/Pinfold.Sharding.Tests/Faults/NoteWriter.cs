using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Proxy;
using Shouldly;
using static Pinfold.Sharding.Tests.Store.StoreModel;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// Writes that touch everything a write can: a new object, an update, entries in both directions, an event. And what
/// there is of such a write afterwards.
/// </summary>
sealed class NoteWriter
{
    readonly TestStore _test;
    readonly Dictionary<ShardId, ObjectId<Shelf>> _shelves = [];
    int _written;

    NoteWriter(TestStore test) => _test = test;

    /// <summary>A shelf on each shard, so that a write finds something there.</summary>
    public static async Task<NoteWriter> OnShelvesAsync(TestStore test)
    {
        var writer = new NoteWriter(test);
        foreach (var shard in test.Shards)
        {
            var transaction = test.Store.Begin(shard);
            var shelf = transaction.Create(new Shelf("new"));
            await transaction.CommitAsync();
            writer._shelves.Add(shard, shelf.Id);
        }
        return writer;
    }

    public ObjectId<Shelf> Shelf(ShardId shard) => _shelves[shard];

    public Write Begin(ShardId shard)
    {
        var (transaction, shelf) = (_test.Store.Begin(shard), _shelves[shard]);
        var title = $"a 'note'; number {++_written}.";
        var note = transaction.Create(new Note(title));
        transaction.Update(shelf, new Shelf(title));
        transaction.Put(ShelfHasNotes, shelf, note, _written);
        transaction.Put(NoteInShelves, note, shelf, _written);
        transaction.Say("written", note);
        return new Write(transaction, note, title);
    }

    /// <summary>The write is in the journal and in the tables exactly once, where its writer was told.</summary>
    public async Task HappenedOnceAsync(Write write, Commit commit, string when)
    {
        commit.Shard.ShouldBe(write.Transaction.Shard, when);
        (await _test.SeqsOfAsync(commit.Shard, write.Transaction.Id)).ShouldBe([commit.Seq], when);
        (await NotesOfAsync(write)).ShouldBe([commit.Seq], when);
    }

    /// <summary>The write is neither in the journal as itself nor in the tables.</summary>
    public async Task NeverHappenedAsync(Write write, string when) => (await NotesOfAsync(write)).ShouldBeEmpty(when);

    /// <summary>
    /// What a session sends when its network delivers an attempt of this write late: nothing comes of it.
    /// </summary>
    public async Task StragglerIsRefusedAsync(Write write, string when)
    {
        var shard = write.Transaction.Shard;
        var body = Note.Type.Encode(new Note(write.Title));
        var late = new PendingTransaction(write.Transaction.Id, shard, [new CreateObject(Note.Type, 1, body)], 1,
            DateTimeOffset.UnixEpoch, "[]"u8.ToArray());
        var server = (await _test.ServerAsync(shard)).Server;

        var refusal = await Should.ThrowAsync<CommitFailedException>(
            () => server.CommitAsync([new ShardCommit(shard, 1, [late])], default).AsTask(), when);

        refusal.Failure.ShouldBe(CommitFailure.AlreadyCommitted, when);
    }

    public static bool IsCommit(ClientCommand command) =>
        command.Sql.Contains(".shards SET last_seq=", StringComparison.Ordinal);

    async Task<List<long>> NotesOfAsync(Write write)
    {
        var number = write.Title[write.Title.IndexOf("number", StringComparison.Ordinal)..];
        return (await _test.SqlAsync(
                write.Transaction.Shard, $"SELECT seq FROM objects WHERE type=1 AND INSTR(body,'{number}')>0"))
            .ConvertAll(r => long.Parse(r[0]));
    }

    public sealed record Write(Transaction Transaction, NewObject<Note> Note, string Title);
}
