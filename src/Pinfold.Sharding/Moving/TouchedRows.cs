using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Moving;

/// <summary>
/// The rows that journal entries are about. The journal holds keys, not values: what they are now is read from the
/// shard.
/// </summary>
sealed class TouchedRows
{
    readonly Dictionary<ShardTable, HashSet<RowKey>> _keys =
        ShardTable.All.ToDictionary(table => table, _ => new HashSet<RowKey>());

    /// <summary>By their table; of the journal itself too.</summary>
    public IReadOnlyDictionary<ShardTable, HashSet<RowKey>> Keys => _keys;

    /// <summary>
    /// Lists from which something was removed: with it, old tombstones may have been swept away, of which no entry
    /// tells.
    /// </summary>
    public HashSet<ListKey> Lists { get; } = [];

    /// <exception cref="NewerEntryException">It was written by a newer program.</exception>
    public void Add(JournalTransaction transaction)
    {
        Add(ShardTable.Journal, transaction.Seq);
        foreach (var entry in transaction.Entries)
            switch (entry.Kind)
            {
                case JournalEntryKind.Created or JournalEntryKind.Updated or JournalEntryKind.Deleted
                    or JournalEntryKind.Erased:
                    Add(ShardTable.Objects, entry.Id.Type, entry.Id.Local);
                    break;
                case JournalEntryKind.Mapped or JournalEntryKind.Unmapped:
                    Add(ShardTable.Entries, entry.Mapping, entry.Id.Value, entry.To.Value);
                    Add(ShardTable.Entries, entry.Mapping, entry.Id.Value, 0);
                    if (entry.Kind == JournalEntryKind.Unmapped)
                        Lists.Add(new ListKey(entry.Mapping, entry.Id.Value));
                    break;
                case JournalEntryKind.NameChanged:
                    _keys[ShardTable.Names].Add(RowKey.Of(ShardTable.Names,
                        [new Cell(entry.NameKind), new Cell(0, Encoding.UTF8.GetBytes(entry.Name!))]));
                    break;
                case JournalEntryKind.Event when entry.Name == JournalEvents.Repaired:
                    Add(ShardTable.Entries, entry.Mapping, entry.Id.Value, 0);
                    break;
                default:
                    break; // what is claimed, released or said changes no other row of this shard
            }
    }

    /// <summary>Whether it changed since, or may have: a tombstone goes with its list.</summary>
    public bool Has(ShardTable table, RowKey key) => _keys[table].Contains(key)
        || (table == ShardTable.Entries && key.Cells(table) is var cells
            && Lists.Contains(new ListKey((int)cells[0].Number, cells[1].Number)));

    void Add(ShardTable table, params ReadOnlySpan<long> key) => _keys[table].Add(RowKey.Of(key));
}
