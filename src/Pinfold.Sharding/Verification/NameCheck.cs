using System.Text;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Journal;

namespace Pinfold.Sharding.Verification;

/// <summary>Whether each name on a shard is that of an object which is there, and which claimed it.</summary>
sealed class NameCheck(VerifyRun run, ShardFindings findings)
{
    const int ChunkRows = 500;

    /// <summary>They are settled within a quarter of an hour where the follower of names runs.</summary>
    static readonly TimeSpan ReservationIsOldAfter = TimeSpan.FromHours(1);

    readonly Dictionary<ShardId, bool> _isTrimmed = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        RowKey? after = null;
        while (true)
        {
            // All columns: the last one is no body here.
            var chunk = RowsRead.Behind(findings.Shard, ShardTable.Names, after, ChunkRows, withLast: true);
            await run.ReadAsync([chunk], cancellation);
            findings.LookedAt(VerifyChecks.Names, chunk.Rows.Count);
            await CheckAsync(chunk.Rows.ConvertAll(Row), cancellation);
            if (chunk.Rows.Count < ChunkRows)
                return;
            after = RowKey.Of(ShardTable.Names, chunk.Rows[^1]);
            await run.PaceAsync(chunk.Rows.Count, cancellation);
        }
    }

    async Task CheckAsync(List<NameRow> rows, CancellationToken cancellation)
    {
        foreach (var row in rows.Where(row => row.Owner.IsNone))
            CheckReservation(row);
        rows = rows.FindAll(row => !row.Owner.IsNone && IsOwnedHere(row));
        var objects = VerifyRun.Reads(ShardTable.Objects, rows.Select(row => KeyOf(row.Owner)), withLast: false);
        var transactions = rows.ConvertAll(row => new TransactionRead(row.OwnerShard, row.OwnerTransaction));
        await run.ReadAsync([.. objects, .. transactions], cancellation);
        var there = VerifyRun.Found(ShardTable.Objects, objects);
        var journal = transactions.ConvertAll(read => read.Receipt is { } receipt
            ? new JournalRead(read.Shard, receipt.Seq - 1, 1) : null);
        await run.ReadAsync([.. journal.OfType<JournalRead>()], cancellation);
        for (var i = 0; i < rows.Count; i++)
        {
            var owner = there.GetValueOrDefault(KeyOf(rows[i].Owner));
            if (owner is null)
                findings.Fault(VerifyChecks.Names, $"{Name(rows[i])} is of {rows[i].Owner}, which is not there",
                    "Restore the owner's shard, or remove the row by SQL: then the name is free.");
            else if (journal[i]?.Rows is [var claim] ? !Claims(rows[i], claim)
                : !await IsTrimmedAsync(rows[i].OwnerShard, cancellation))
                findings.Fault(VerifyChecks.Names, $"{Name(rows[i])} is of {rows[i].Owner}, and no transaction of "
                    + $"shard {rows[i].OwnerShard} claimed it", "Ask who should have it before the row is removed.");
            else if (owner[4].Number != 0)
                findings.Note(VerifyChecks.Names, $"{Name(rows[i])} is of {rows[i].Owner}, which is deleted",
                    "The application may give it back.");
        }
    }

    void CheckReservation(NameRow row)
    {
        if (row.At < run.Store.Time.GetUtcNow() - ReservationIsOldAfter)
            findings.Fault(VerifyChecks.Names, $"{Name(row)} is reserved since {row.At:u}, and nobody has settled it",
                "--repair gives it to its claimant, or frees it; the service does so too where it runs.",
                run.Store.Model.Names.Any(kind => kind.Number == row.Kind) ? new SettleName(row) : null);
    }

    bool IsOwnedHere(NameRow row)
    {
        var kind = run.Store.Model.Names.FirstOrDefault(kind => kind.Number == row.Kind);
        if (kind is null)
            findings.Note(VerifyChecks.Names, $"this program does not know names of kind {row.Kind}",
                "Verify with the program that wrote them.");
        else if (run.Store.Names.NameShard(kind, row.Name) != findings.Shard)
            findings.Fault(VerifyChecks.Names, $"{Name(row)} is kept here, and looked for on shard "
                + $"{run.Store.Names.NameShard(kind, row.Name)}", "Find out how it came here; remove the row by SQL.");
        else if (row.Owner.Shard.Value >= run.Store.Topology.ShardCount || row.Owner.Shard != row.OwnerShard)
            findings.Fault(VerifyChecks.Names, $"{Name(row)} is of {row.Owner}, and claimed on shard {row.OwnerShard}",
                "Ask who should have it before the row is removed.");
        else
            return true;
        return false;
    }

    bool Claims(NameRow row, JournalRow claim)
    {
        try
        {
            return JournalCodec.Decode(row.OwnerShard, claim).Entries.Any(entry =>
                entry.Kind == JournalEntryKind.NameClaimed && entry.NameKind == row.Kind && entry.Id == row.Owner
                && entry.Name == Encoding.UTF8.GetString(row.Name));
        }
        catch (PinfoldException)
        {
            return true; // the check of that journal tells of it
        }
    }

    /// <summary>A claim that is older than the journal cannot be found in it.</summary>
    async Task<bool> IsTrimmedAsync(ShardId shard, CancellationToken cancellation)
    {
        if (!_isTrimmed.TryGetValue(shard, out var isTrimmed))
        {
            var first = new JournalRead(shard, 0, 1);
            await run.ReadAsync([first], cancellation);
            _isTrimmed.Add(shard, isTrimmed = first.Rows is [{ Seq: > 1 }]);
        }
        return isTrimmed;
    }

    string Name(NameRow row) => $"the {run.Store.Model.Names.FirstOrDefault(kind => kind.Number == row.Kind)?.Name
        ?? $"name of kind {row.Kind}"} \"{Encoding.UTF8.GetString(row.Name)}\"";

    static NameRow Row(Cell[] row) => new((byte)row[0].Number, row[1].Bytes!,
        ObjectId.TryFromInt64(row[2].Number, out var owner) ? owner : default, new ShardId((int)row[3].Number),
        TransactionId.FromBytes(row[4].Bytes!), DateTimeOffset.FromUnixTimeMilliseconds(row[5].Number));

    static (ShardId, RowKey) KeyOf(ObjectId id) => (id.Shard, RowKey.Of(id.Type, id.Local));
}
