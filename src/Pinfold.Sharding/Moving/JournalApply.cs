using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Moving;

/// <summary>
/// Has a copy follow its source: what the source's journal names is read there again, and takes the place of what the
/// copy has, in one transaction with the journal rows.
/// </summary>
sealed class JournalApply(MovedShard move)
{
    /// <summary>So many journal rows go in one transaction at most.</summary>
    public const int BatchMax = 500;

    const int BatchBytes = 4 << 20;

    /// <summary>Applies what there is behind a number.</summary>
    /// <param name="from">Up to which the copy is whole.</param>
    /// <param name="applied">Told after each batch up to where it is.</param>
    /// <param name="cancellation">Ends it between batches, or within one, which then did not happen.</param>
    /// <returns>Up to which it is whole then.</returns>
    public async ValueTask<long> CatchUpAsync(
        long from, Func<long, ValueTask> applied, CancellationToken cancellation)
    {
        while (true)
        {
            var rows = await ReadAsync(move, from, BatchMax, cancellation);
            if (rows.Count == 0)
                return from;
            await ApplyAsync(from, rows, cancellation);
            from = rows[^1].Seq;
            await applied(from);
        }
    }

    /// <summary>Journal rows of the source behind a number.</summary>
    /// <exception cref="PinfoldException">Conflict: the rows that follow were trimmed away.</exception>
    public static async ValueTask<IReadOnlyList<JournalRow>> ReadAsync(
        MovedShard move, long after, int limit, CancellationToken cancellation)
    {
        var read = new JournalRead(move.Shard, after, limit);
        await move.Source.ReadAsync([read], cancellation);
        if (read.Rows is [var first, ..] && first.Seq != after + 1)
            throw new PinfoldException(ErrorKind.Conflict,
                $"The journal of shard {move.Shard} on server {move.Source.Name} begins at {first.Seq}, and the copy "
                + $"on {move.Target.Name} is whole up to {after}: what is between was trimmed away. A new move, with a "
                + "copy of its own, is needed.")
            { Shard = move.Shard };
        var bytes = 0;
        var count = read.Rows.FindIndex(row => (bytes += row.Entries.Length) > BatchBytes);
        return count <= 0 ? read.Rows : read.Rows[..count];
    }

    async ValueTask ApplyAsync(long from, IReadOnlyList<JournalRow> rows, CancellationToken cancellation)
    {
        var touched = new TouchedRows();
        foreach (var row in rows)
            touched.Add(JournalCodec.Decode(move.Shard, row));
        var changes = new List<TableChange>
        {
            new(ShardTable.Journal)
            {
                Range = new RowRange(RowKey.Of(from), RowKey.Of(rows[^1].Seq)),
                Rows = [.. rows.Select(Cells)],
            },
        };
        foreach (var (table, keys) in touched.Keys)
            if (table != ShardTable.Journal && keys.Count > 0)
                changes.Add(await ChangeAsync(table, keys, touched.Lists, cancellation));
        await move.Target.Copies.WriteAsync(move.Shard, changes, rows[^1].Seq, move.By, cancellation);
    }

    async ValueTask<TableChange> ChangeAsync(
        ShardTable table, IReadOnlyCollection<RowKey> keys, IReadOnlyCollection<ListKey> lists,
        CancellationToken cancellation)
    {
        var rows = new Dictionary<RowKey, Cell[]>();
        foreach (var row in await move.Source.Copies.FindAsync(move.Shard, table, [.. keys], cancellation))
            rows[RowKey.Of(table, row)] = row;
        var swept = table == ShardTable.Entries ? lists : [];
        if (swept.Count > 0)
            foreach (var row in await move.Source.Copies.ReadTombstonesAsync(move.Shard, [.. swept], cancellation))
                rows[RowKey.Of(table, row)] = row;
        // A tombstone that became an entry between the two questions is deleted by its key, and comes once.
        return new TableChange(table)
        {
            Keys = [.. keys.Concat(rows.Keys).Distinct()],
            TombstonesOf = swept,
            Rows = [.. rows.Values],
        };
    }

    static Cell[] Cells(JournalRow row) =>
    [
        new(row.Seq), new(0, row.Transaction.ToBytes()), new(row.At.ToUnixTimeMilliseconds()), new(row.LocalBase),
        new(0, row.Entries),
    ];
}
