using System.Globalization;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;
using Pinfold.Sharding.Store;
using Shouldly;

namespace Pinfold.Sharding.Tests.Store;

/// <summary>
/// Plays a shard's journal back from its first row and compares: what the tables hold is what the journal says, no more
/// and no less, in numbers without gaps.
/// </summary>
static class ShardAudit
{
    readonly record struct ObjectState(long Version, long Seq, int State);

    public static async Task CheckAsync(ShardId shard, Func<string, Task<List<string[]>>> sqlAsync)
    {
        var journal = (await sqlAsync("SELECT seq,tx,at,local_base,entries FROM journal ORDER BY seq"))
            .ConvertAll(r => JournalCodec.Decode(shard, new JournalRow(Number(r[0]),
                TransactionId.FromBytes(Convert.FromHexString(r[1])),
                DateTimeOffset.FromUnixTimeMilliseconds(Number(r[2])),
                Number(r[3]), Convert.FromHexString(r[4]))));
        journal.Select(t => t.Seq).ShouldBe(Enumerable.Range(1, journal.Count).Select(i => (long)i), $"shard {shard}");
        journal.Select(t => t.Transaction).Distinct().Count().ShouldBe(journal.Count, $"shard {shard}");

        var row = (await sqlAsync("SELECT last_seq,last_local_id FROM shard")).ShouldHaveSingleItem();
        Number(row[0]).ShouldBe(journal.Count, $"shard {shard}");
        var created = journal.SelectMany(t => t.Entries).Where(e => e.Kind == JournalEntryKind.Created).ToList();
        created.Select(e => e.Id.Local).ShouldBe(
            Enumerable.Range(1, created.Count).Select(i => (long)i), ignoreOrder: true, $"shard {shard}");
        Number(row[1]).ShouldBe(created.Count, $"shard {shard}");

        await CheckObjectsAsync(shard, journal, sqlAsync);
        await CheckEntriesAsync(shard, journal, sqlAsync);
    }

    static async Task CheckObjectsAsync(
        ShardId shard, List<JournalTransaction> journal, Func<string, Task<List<string[]>>> sqlAsync)
    {
        var played = new Dictionary<ObjectId, ObjectState>();
        foreach (var transaction in journal)
            foreach (var entry in transaction.Entries)
                if (entry.Kind == JournalEntryKind.Created)
                    played.Add(entry.Id, new(1, transaction.Seq, 0));
                else if (entry.Kind is JournalEntryKind.Updated or JournalEntryKind.Deleted or JournalEntryKind.Erased)
                    played[entry.Id] = new(played[entry.Id].Version + 1, transaction.Seq, entry.Kind switch
                    {
                        JournalEntryKind.Updated => 0,
                        JournalEntryKind.Deleted => 1,
                        _ => 2,
                    });
        var stored = new Dictionary<ObjectId, ObjectState>();
        foreach (var type in StoreModel.Model.Types)
            foreach (var row in await sqlAsync(
                $"SELECT local_id,version,seq,state FROM objects WHERE type={type.Number}"))
                stored.Add(new ObjectId(shard, type.Number, Number(row[0])),
                    new(Number(row[1]), Number(row[2]), (int)Number(row[3])));
        stored.OrderBy(o => o.Key).ShouldBe(played.OrderBy(o => o.Key), $"objects of shard {shard}");
    }

    static async Task CheckEntriesAsync(
        ShardId shard, List<JournalTransaction> journal, Func<string, Task<List<string[]>>> sqlAsync)
    {
        var played = new Dictionary<(int Mapping, ObjectId From, ObjectId To), long>();
        foreach (var entry in journal.SelectMany(t => t.Entries))
            if (entry.Kind == JournalEntryKind.Mapped)
                played[(entry.Mapping, entry.Id, entry.To)] = entry.Sequence;
            else if (entry.Kind == JournalEntryKind.Unmapped)
                played.Remove((entry.Mapping, entry.Id, entry.To));
        var stored = new Dictionary<(int Mapping, ObjectId From, ObjectId To), long>();
        foreach (var mapping in StoreModel.Model.Mappings)
            foreach (var row in await sqlAsync(
                $"SELECT from_id,to_id,sequence FROM entries WHERE mapping={mapping.Number} AND to_id<>0"))
                stored.Add((mapping.Number, ObjectId.Parse(row[0]), ObjectId.Parse(row[1])), Number(row[2]));
        stored.OrderBy(e => e.Key).ShouldBe(played.OrderBy(e => e.Key), $"entries of shard {shard}");

        var counts = (await sqlAsync("SELECT mapping,from_id,n FROM entries WHERE to_id=0 AND n<>0"))
            .ConvertAll(r => ((int)Number(r[0]), ObjectId.Parse(r[1]), Number(r[2])));
        counts.ShouldBe(stored.Keys.GroupBy(k => (k.Mapping, k.From))
            .Select(g => (g.Key.Mapping, g.Key.From, (long)g.Count())),
            ignoreOrder: true, $"counts of shard {shard}");
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
