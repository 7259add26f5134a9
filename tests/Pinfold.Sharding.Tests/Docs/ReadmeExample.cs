using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pinfold.Sharding.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Tests.Docs;

// A type of object: its number goes into every id, its record is the body.
sealed record Notebook(string Title)
{
    public static ObjectType<Notebook> Type { get; } = new(1, "notebooks", NotesJson.Default.Notebook);
}

sealed record Note(string Text)
{
    public static ObjectType<Note> Type { get; } = new(2, "notes", NotesJson.Default.Note);
}

[JsonSerializable(typeof(Notebook)), JsonSerializable(typeof(Note))]
sealed partial class NotesJson : JsonSerializerContext;

static class Notes
{
    static readonly Mapping<Notebook, Note> NotebookHasNotes = new(1, "notebook_has_notes");
    static readonly ShardingModel Model = new([Notebook.Type, Note.Type], [NotebookHasNotes]);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder)
    {
        // 16 shards as files in a folder; TopologyFile or FileTopologySource reads a map of servers instead.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPinfoldSharding(Model, new FixedTopologySource(TopologyMap.Embedded(folder)));
        using var host = builder.Build();
        await host.Services.GetRequiredService<ShardProvisioner>().EnsureAsync();
        await host.StartAsync();
        var store = host.Services.GetRequiredService<ShardedStore>();

        // One transaction on one shard, one round trip: two notes and their places in the list, or nothing.
        var transaction = store.Begin(store.PickShard());
        var notebook = transaction.Create(new Notebook("Garden"));
        var sow = transaction.Create(new Note("Sow the peas"));
        var prune = transaction.Create(new Note("Prune the quince"));
        transaction.Put(NotebookHasNotes, notebook, sow, sequence: 1);
        transaction.Put(NotebookHasNotes, notebook, prune, sequence: 2);
        await transaction.CommitAsync();

        // A page by keyset, one round trip; the objects from the cache, or in one more.
        var page = await store.PageAsync(NotebookHasNotes, notebook.Id, new PageRequest(50));
        var notes = await store.FindManyAsync([.. page.Items.Select(entry => entry.To)]);
        await host.StopAsync();
        return [.. notes.OfType<Stored<Note>>().Select(note => note.Body.Text)];
    }
}
