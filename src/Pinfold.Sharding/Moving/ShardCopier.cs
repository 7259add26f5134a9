using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Moving;

/// <summary>Where the copy of a shard goes on.</summary>
/// <param name="From">The source's last journal number when it was begun: what is written later is applied.</param>
/// <param name="Table">The table that is being copied; null when all are.</param>
/// <param name="After">The key of its last row that is there; null for none.</param>
/// <param name="Rows">How many rows were copied.</param>
sealed record CopyPlace(long From, string? Table, string? After, long Rows);

/// <summary>Copies a shard's rows, in chunks by key, while it is written; then has the copy follow.</summary>
sealed class ShardCopier(MovedShard move, CopyPace pace)
{
    const int ChunkFirst = 100, ChunkMax = 5000;

    /// <summary>About what one chunk has.</summary>
    const int ChunkBytes = 1 << 20;

    /// <summary>Goes on from a place, or begins.</summary>
    /// <param name="place">As it was last saved; null to begin.</param>
    /// <param name="save">Given what is true by then, after each chunk.</param>
    /// <param name="cancellation">Ends it where it can be gone on with.</param>
    public async ValueTask CopyAsync(
        CopyPlace? place, Func<CopyPlace, ValueTask> save, CancellationToken cancellation)
    {
        if (place is null)
        {
            var row = await move.ReadSourceRowAsync(cancellation);
            await save(place = new CopyPlace(row.LastSeq, ShardTable.All[0].Name, null, 0));
        }
        while (place.Table is not null)
            await save(place = await CopyTableAsync(place, save, cancellation));
        var lastSeq = (await move.ReadTargetRowAsync(cancellation)).LastSeq;
        if (lastSeq < place.From)
            await move.Target.Copies.WriteAsync(move.Shard, [], lastSeq = place.From, move.By, cancellation);
        await new JournalApply(move).CatchUpAsync(lastSeq, _ => save(place), cancellation);
    }

    async ValueTask<CopyPlace> CopyTableAsync(
        CopyPlace place, Func<CopyPlace, ValueTask> save, CancellationToken cancellation)
    {
        var table = ShardTable.Named(place.Table!);
        RowKey? end = table == ShardTable.Journal ? RowKey.Of(place.From) : null;
        for (var limit = ChunkFirst; ;)
        {
            RowKey? after = place.After is { } text ? new RowKey(text) : null;
            var rows = await move.Source.Copies.ReadAsync(
                move.Shard, table, new RowRange(after, end), limit, cancellation);
            var isLast = rows.Count < limit;
            var upTo = isLast ? end : RowKey.Of(table, rows[^1]);
            // What an attempt before this one left in the range goes.
            await move.Target.Copies.WriteAsync(move.Shard,
                [new TableChange(table) { Range = new RowRange(after, upTo), Rows = rows }], null, move.By,
                cancellation);
            place = place with { After = upTo?.Text, Rows = place.Rows + rows.Count };
            if (isLast)
                return place with { Table = NextOf(table), After = null };
            await save(place);
            await pace.WaitAsync(rows.Count, cancellation);
            var bytes = rows.Sum(row => row.Sum(cell => cell.Size)) + 1;
            limit = (int)Math.Clamp((long)limit * ChunkBytes / bytes, 1, Math.Min(ChunkMax, limit * 2L));
        }
    }

    static string? NextOf(ShardTable table)
    {
        var next = ShardTable.All.ToList().IndexOf(table) + 1;
        return next < ShardTable.All.Count ? ShardTable.All[next].Name : null;
    }
}

/// <summary>Has a copy take no more than so many rows a second; 0 for no limit. One for all that are copied.</summary>
sealed class CopyPace(int rowsPerSecond, TimeProvider time)
{
    readonly Lock _gate = new();
    readonly long _begunAt = time.GetTimestamp();
    long _rows;

    public async ValueTask WaitAsync(int rows, CancellationToken cancellation)
    {
        if (rowsPerSecond == 0)
            return;
        TimeSpan due;
        lock (_gate)
            due = TimeSpan.FromSeconds((double)(_rows += rows) / rowsPerSecond);
        var wait = due - time.GetElapsedTime(_begunAt);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellation);
    }
}
