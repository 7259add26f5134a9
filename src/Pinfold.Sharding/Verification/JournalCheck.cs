using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Verification;

/// <summary>
/// Reads a shard's journal from its first row, which is where it begins, to its last; then the numbers of its objects.
/// </summary>
sealed class JournalCheck(VerifyRun run, ShardFindings findings)
{
    const int ChunkRows = 500;

    const string Restore = "Restore the shard from a backup; copies of it on other servers, and what followers have "
        + "made, may have what is missing.";

    readonly ClaimCheck _claims = new(run, findings);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = await run.ReadRowAsync(findings.Shard, cancellation);
        var last = await ReadJournalAsync(cancellation);
        if (before is not null && last < before.LastSeq)
            findings.Fault(VerifyChecks.Journal, $"the shard has handed out number {before.LastSeq}, and its journal "
                + $"ends with {last}", Restore);
        else if (before is not null && last > before.LastSeq
            && (await run.ReadRowAsync(findings.Shard, cancellation))!.LastSeq is var handedOut && last > handedOut)
            findings.Fault(VerifyChecks.Journal, $"the journal goes on to {last}, and the shard has handed out numbers "
                + $"up to {handedOut} only", "Its next writes will be refused: restore its row, or the shard.");
        if (findings.HasFaults(VerifyChecks.Schema))
            await FindRepeatedAsync(cancellation);
        await ReadObjectsAsync(cancellation);
        await _claims.EndAsync(cancellation);
    }

    /// <summary>The number of its last row.</summary>
    async Task<long> ReadJournalAsync(CancellationToken cancellation)
    {
        var (last, isFirst) = (0L, true);
        while (true)
        {
            var chunk = new JournalRead(findings.Shard, last, ChunkRows);
            await run.ReadAsync([chunk], cancellation);
            foreach (var row in chunk.Rows)
            {
                if (!isFirst && row.Seq != last + 1)
                    await TellGapAsync(last + 1, row.Seq - 1, cancellation);
                (last, isFirst) = (row.Seq, false);
                Read(row);
            }
            findings.LookedAt(VerifyChecks.Journal, chunk.Rows.Count);
            await _claims.LookUpAsync(cancellation);
            if (chunk.Rows.Count < ChunkRows)
                return last;
            await run.PaceAsync(chunk.Rows.Count, cancellation);
        }
    }

    void Read(JournalRow row)
    {
        try
        {
            _claims.Add(JournalCodec.Decode(findings.Shard, row));
        }
        catch (NewerEntryException e)
        {
            findings.Note(VerifyChecks.Journal, e.Message, "Verify with the newer program.");
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Corrupt)
        {
            findings.Fault(VerifyChecks.Journal, e.Message, Restore);
        }
    }

    /// <summary>A beginning that is trimmed while it is read is no gap.</summary>
    async Task TellGapAsync(long first, long last, CancellationToken cancellation)
    {
        var begin = new JournalRead(findings.Shard, 0, 1);
        await run.ReadAsync([begin], cancellation);
        if (begin.Rows is [var row] && row.Seq <= last)
            findings.Fault(VerifyChecks.Journal, first == last ? $"journal number {first} is missing"
                : $"journal numbers {first} to {last} are missing", Restore);
    }

    /// <summary>Where the index that forbids it is as it is made, there are none.</summary>
    async Task FindRepeatedAsync(CancellationToken cancellation)
    {
        var repeated = new RepeatedTransactionsRead(findings.Shard);
        await run.ReadAsync([repeated], cancellation);
        foreach (var (id, first, times) in repeated.Rows)
            findings.Fault(VerifyChecks.Journal, $"transaction {id} is there {times} times, first as {first}",
                "Its writer was told of the first. Compare what the rows say with the tables before one is removed.");
    }

    async Task ReadObjectsAsync(CancellationToken cancellation)
    {
        var (after, row) = (default(RowKey?), await run.ReadRowAsync(findings.Shard, cancellation));
        while (row is not null)
        {
            var chunk = RowsRead.Behind(findings.Shard, ShardTable.Objects, after, 2 * ChunkRows, withLast: false);
            await run.ReadAsync([chunk], cancellation);
            var beyond = chunk.Rows.FindAll(IsBeyond);
            if (beyond.Count > 0)
            {
                // What was written since the row was read is not beyond.
                row = (await run.ReadRowAsync(findings.Shard, cancellation))!;
                beyond.RemoveAll(its => !IsBeyond(its));
            }
            foreach (var its in beyond)
                findings.Fault(VerifyChecks.Journal, $"object {its[1].Number} of type {its[0].Number}, written as "
                    + $"{its[3].Number}, is beyond what the shard has handed out (local id {row.LastLocalId}, journal "
                    + $"number {row.LastSeq})", "A new object may be refused for it: restore the shard's row.");
            findings.LookedAt(VerifyChecks.Journal, chunk.Rows.Count);
            if (chunk.Rows.Count < 2 * ChunkRows)
                return;
            after = RowKey.Of(ShardTable.Objects, chunk.Rows[^1]);
            await run.PaceAsync(chunk.Rows.Count, cancellation);
        }

        bool IsBeyond(Cell[] its) => its[1].Number > row.LastLocalId || its[3].Number > row.LastSeq;
    }
}
