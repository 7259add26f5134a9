using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Moving;

/// <summary>
/// Where the comparison of a shard with its copy goes on.
/// </summary>
/// <param name="From">What was written behind this journal number has to be compared once more.</param>
/// <param name="Table">The table that is being compared; null when all were.</param>
/// <param name="After">The key of the last row that was; null for none.</param>
/// <param name="Suspects">Rows that differed, as those do that are written meanwhile: <c>table key</c>.</param>
/// <param name="Rows">How many rows were compared.</param>
/// <param name="Chunks">How many chunks of them.</param>
sealed record VerifyPlace(
    long From, string? Table, string? After, IReadOnlyList<string> Suspects, long Rows, long Chunks);

/// <summary>
/// Compares a shard with its copy: checksums chunk by chunk, each reckoned where the rows are; then, row by row, what
/// differed and what was written since.
/// </summary>
/// <remarks>
/// A row that is written between two checksums differs and is right. So what differs is a suspect, until the copy has
/// caught up: a row that no journal entry since has touched, and that still differs, is wrong.
/// </remarks>
sealed class ShardVerifier(MovedShard move, CopyPace pace)
{
    const int ChunkRows = 2000, SuspectsMax = 10_000, RoundsMax = 10;

    /// <summary>So few journal rows may be left to the time in which nobody can write.</summary>
    const int LeftMax = 200;

    readonly JournalApply _apply = new(move);

    /// <summary>Compares all of it.</summary>
    /// <returns>The journal number behind which everything has to be compared once more.</returns>
    /// <exception cref="PinfoldException">Corrupt: rows differ, and which.</exception>
    public async ValueTask<VerifyPlace> VerifyAsync(
        VerifyPlace? place, Func<VerifyPlace, ValueTask> save, CancellationToken cancellation)
    {
        if (place is null)
            await save(place = new VerifyPlace(
                await CatchUpAsync(cancellation), ShardTable.All[0].Name, null, [], 0, 0));
        while (place.Table is not null)
            await save(place = await CompareTableAsync(place, save, cancellation));
        await save(place = await SettleAsync(place, cancellation));
        return place;
    }

    /// <summary>Compares what was written since, and since that, until there is little left.</summary>
    /// <exception cref="PinfoldException">Corrupt: rows differ, and which.</exception>
    public async ValueTask<VerifyPlace> SettleAsync(VerifyPlace place, CancellationToken cancellation)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            var before = place.From;
            place = await CompareSinceAsync(place, cancellation);
            if (place.From - before < LeftMax)
                break;
        }
        return place;
    }

    /// <summary>Compares what was written since, after the copy has caught up.</summary>
    /// <exception cref="PinfoldException">Corrupt: rows differ, and which.</exception>
    public async ValueTask<VerifyPlace> CompareSinceAsync(VerifyPlace place, CancellationToken cancellation)
    {
        var at = await CatchUpAsync(cancellation);
        var differ = await DifferingAsync([.. place.Suspects.Select(Parse)], [], cancellation);
        for (var from = place.From; from < at;)
        {
            var rows = (await JournalApply.ReadAsync(move, from, JournalApply.BatchMax, cancellation))
                .Where(row => row.Seq <= at).ToList();
            var touched = Touched(rows);
            differ.AddRange(await DifferingAsync(
                [.. touched.Keys.SelectMany(table => table.Value.Select(key => (table.Key, key)))],
                [.. touched.Lists], cancellation));
            from = rows[^1].Seq;
        }
        if (differ.Count > 0)
        {
            var then = await CatchUpAsync(cancellation);
            var since = new TouchedRows();
            for (var from = at; from < then;)
            {
                var rows = (await JournalApply.ReadAsync(move, from, JournalApply.BatchMax, cancellation))
                    .Where(row => row.Seq <= then).ToList();
                foreach (var row in rows)
                    since.Add(JournalCodec.Decode(move.Shard, row));
                from = rows[^1].Seq;
            }
            var wrong = await DifferingAsync(
                [.. differ.Distinct().Where(row => !since.Has(row.Table, row.Key))], [], cancellation);
            if (wrong.Count > 0)
                throw Differs(wrong);
        }
        return place with { From = at, Suspects = [] };
    }

    async ValueTask<VerifyPlace> CompareTableAsync(
        VerifyPlace place, Func<VerifyPlace, ValueTask> save, CancellationToken cancellation)
    {
        var table = ShardTable.Named(place.Table!);
        RowKey? end = table == ShardTable.Journal ? RowKey.Of(place.From) : null;
        while (true)
        {
            RowKey? after = place.After is { } text ? new RowKey(text) : null;
            var upTo = await move.Source.Copies.FindEndAsync(move.Shard, table, after, ChunkRows, cancellation);
            var isLast = upTo is null
                || (table == ShardTable.Journal && upTo.Value.Cells(table)[0].Number >= place.From);
            var range = new RowRange(after, isLast ? end : upTo);
            var sums = await Task.WhenAll(
                move.Source.Copies.SumAsync(move.Shard, table, range, cancellation).AsTask(),
                move.Target.Copies.SumAsync(move.Shard, table, range, cancellation).AsTask());
            var suspects = sums[0] == sums[1] ? place.Suspects
                : [.. place.Suspects, .. await FindSuspectsAsync(table, range, cancellation)];
            if (suspects.Count > SuspectsMax)
                throw Differs([.. suspects.Select(Parse)]);
            place = place with
            {
                Suspects = suspects,
                Rows = place.Rows + sums[0].Rows,
                Chunks = place.Chunks + 1,
                After = range.UpTo?.Text,
            };
            if (isLast)
            {
                var next = ShardTable.All.ToList().IndexOf(table) + 1;
                return place with
                {
                    After = null,
                    Table = next < ShardTable.All.Count ? ShardTable.All[next].Name : null,
                };
            }
            await save(place);
            await pace.WaitAsync((int)sums[0].Rows, cancellation);
        }
    }

    /// <summary>The rows of a range that are not the same, or are on one side alone.</summary>
    async ValueTask<IReadOnlyList<string>> FindSuspectsAsync(
        ShardTable table, RowRange range, CancellationToken cancellation)
    {
        var source = await move.Source.Copies.ReadAsync(move.Shard, table, range, int.MaxValue, cancellation);
        var target = await move.Target.Copies.ReadAsync(move.Shard, table, range, int.MaxValue, cancellation);
        return [.. Differing(table, source, target).Select(key => $"{table} {key}")];
    }

    /// <summary>
    /// Of these rows, and of the tombstones of these lists, those that are not the same on both sides.
    /// </summary>
    async ValueTask<List<(ShardTable Table, RowKey Key)>> DifferingAsync(
        IReadOnlyList<(ShardTable Table, RowKey Key)> rows, IReadOnlyList<ListKey> lists,
        CancellationToken cancellation)
    {
        var differ = new List<(ShardTable, RowKey)>();
        foreach (var part in rows.GroupBy(row => row.Table, row => row.Key))
        {
            RowKey[] keys = [.. part.Distinct()];
            var source = await move.Source.Copies.FindAsync(move.Shard, part.Key, keys, cancellation);
            var target = await move.Target.Copies.FindAsync(move.Shard, part.Key, keys, cancellation);
            differ.AddRange(Differing(part.Key, source, target).Select(key => (part.Key, key)));
        }
        if (lists.Count > 0)
            differ.AddRange(Differing(ShardTable.Entries,
                await move.Source.Copies.ReadTombstonesAsync(move.Shard, lists, cancellation),
                await move.Target.Copies.ReadTombstonesAsync(move.Shard, lists, cancellation))
                .Select(key => (ShardTable.Entries, key)));
        return differ;
    }

    static IEnumerable<RowKey> Differing(
        ShardTable table, IReadOnlyList<Cell[]> source, IReadOnlyList<Cell[]> target)
    {
        var left = target.ToDictionary(row => RowKey.Of(table, row));
        foreach (var row in source)
        {
            var key = RowKey.Of(table, row);
            if (!left.Remove(key, out var its) || !row.Zip(its).All(pair => pair.First.Same(pair.Second)))
                yield return key;
        }
        foreach (var key in left.Keys)
            yield return key;
    }

    TouchedRows Touched(IEnumerable<JournalRow> rows)
    {
        var touched = new TouchedRows();
        foreach (var row in rows)
            touched.Add(JournalCodec.Decode(move.Shard, row));
        return touched;
    }

    async ValueTask<long> CatchUpAsync(CancellationToken cancellation) => await _apply.CatchUpAsync(
        (await move.ReadTargetRowAsync(cancellation)).LastSeq, _ => ValueTask.CompletedTask, cancellation);

    static (ShardTable Table, RowKey Key) Parse(string suspect) =>
        (ShardTable.Named(suspect[..suspect.IndexOf(' ', StringComparison.Ordinal)]),
            new RowKey(suspect[(suspect.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

    PinfoldException Differs(IReadOnlyList<(ShardTable Table, RowKey Key)> rows) => new(ErrorKind.Corrupt,
        $"Shard {move.Shard} on server {move.Source.Name} and its copy on {move.Target.Name} differ in {rows.Count} "
        + $"rows, the first {string.Join(", ", rows.Take(5).Select(row => $"{row.Table} ({row.Key})"))}: it is not "
        + "moved. Something else has written to one of them; cancel the operation, and begin anew.")
    { Shard = move.Shard };
}
