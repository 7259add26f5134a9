using System.Text.Json.Serialization;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>Notes on shelves, in both directions, and handles that only one note can have.</summary>
static partial class StoreModel
{
    public static Mapping<Shelf, Note> ShelfHasNotes { get; } = new(1, "shelf_has_notes");

    public static Mapping<Note, Shelf> NoteInShelves { get; } = new(2, "note_in_shelves");

    public static NameKind Handles { get; } = new(1, "handle");

    public static ShardingModel Model { get; } =
        new([Note.Type, Shelf.Type], [ShelfHasNotes, NoteInShelves], [Handles]);

    public sealed record Note(string Title)
    {
        public static ObjectType<Note> Type { get; } = new(1, "notes", StoreJson.Default.Note);
    }

    public sealed record Shelf(string Title)
    {
        public static ObjectType<Shelf> Type { get; } = new(2, "shelves", StoreJson.Default.Shelf);
    }

    [JsonSerializable(typeof(Note)), JsonSerializable(typeof(Shelf))]
    sealed partial class StoreJson : JsonSerializerContext;

    /// <summary>Makes a shelf with so many notes, one after another.</summary>
    public static async Task<(ObjectId<Shelf> Shelf, List<ObjectId<Note>> Notes)> FillAsync(
        TestStore test, ShardId shard, int count)
    {
        var transaction = test.Store.Begin(shard);
        var shelf = transaction.Create(new Shelf("shelf"));
        var notes = Enumerable.Range(0, count).Select(i => transaction.Create(new Note($"note {i}"))).ToList();
        for (var i = 0; i < count; i++)
            transaction.Put(ShelfHasNotes, shelf, notes[i], i);
        await transaction.CommitAsync();
        return (shelf.Id, notes.ConvertAll(n => n.Id));
    }
}
