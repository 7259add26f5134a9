
namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>Answers reads from one shard's file.</summary>
static class SqliteReads
{
    /// <summary>How many statements it takes; several are given one snapshot, which is also cheaper.</summary>
    public static int Statements(ShardRead read) => read switch
    {
        ObjectsRead objects => objects.Locals.Length,
        EntriesRead entries => entries.To.Count,
        _ => 1,
    };

    public static void Answer(SqliteFile file, ShardRead read)
    {
        switch (read)
        {
            case ObjectsRead objects:
                Objects(file, objects);
                break;
            case ScanRead scan:
                Scan(file, scan);
                break;
            case PageRead page:
                Page(file, page);
                break;
            case EntriesRead entries:
                foreach (var to in entries.To)
                {
                    var entry = file.Statement(SqliteSql.FindEntry).With(entries.Mapping.Number);
                    AddEntries(entry.With(entries.From.Value).With(to.Value), entries.Rows);
                }
                break;
            case CountRead count:
                var n = file.Statement(SqliteSql.FindCount).With(count.Mapping.Number).With(count.From.Value);
                count.Count = n.Next() ? n.Int64(0) : 0;
                n.Reset();
                break;
            case NameRead name:
                var named = file.Statement(SqliteSql.FindName).With(name.Kind).With(name.Name);
                name.Row = named.Next() ? Name(named) : null;
                named.Reset();
                break;
            case OldReservationsRead old:
                var reserved = file.Statement(SqliteSql.FindOldReservations)
                    .With(old.Before.ToUnixTimeMilliseconds()).With(old.Limit);
                while (reserved.Next())
                    old.Rows.Add(Name(reserved));
                reserved.Reset();
                break;
            case ShardRowRead shard:
                var row = file.Statement(SqliteSql.FindShard).With(shard.Shard.Value);
                shard.Row = row.Next()
                    ? new ShardRow(row.Int64(0), (ShardState)row.Int64(1), row.Int64(2), row.Int64(3)) : null;
                row.Reset();
                break;
            case ServerLimitsRead:
                break; // a file has none
            case TransactionRead transaction:
                transaction.Receipt = FindTransaction(file, transaction.Id);
                break;
            case JournalRead journal:
                Journal(file, journal);
                break;
            case InspectionRead inspection:
                SqliteInspection.Answer(file, inspection);
                break;
            default:
                throw new NotSupportedException($"{read.GetType().Name} is a read that SQLite does not know.");
        }
    }

    public static CommitReceipt? FindTransaction(SqliteFile file, TransactionId id)
    {
        var row = file.Statement(SqliteSql.FindTransaction).With(id.ToBytes());
        CommitReceipt? receipt = row.Next() ? new CommitReceipt(row.Int64(0), row.Int64(1)) : null;
        row.Reset();
        return receipt;
    }

    static void Objects(SqliteFile file, ObjectsRead read)
    {
        var row = file.Statement(SqliteSql.FindObject);
        for (var i = 0; i < read.Locals.Length; i++)
        {
            var local = read.Locals[i];
            var isFound = row.With(read.Type.Number).With(local).Next();
            read.Rows[i] = isFound ? new ObjectRow(local, row.Int64(0), row.Int64(1), row.Bytes(2)) : null;
            row.Reset();
        }
    }

    static void Scan(SqliteFile file, ScanRead scan)
    {
        var row = file.Statement(SqliteSql.ScanObjects).With(scan.Type.Number).With(scan.After).With(scan.Limit);
        while (row.Next())
            scan.Rows.Add(new ObjectRow(row.Int64(0), row.Int64(1), row.Int64(2), row.Bytes(3)));
        row.Reset();
    }

    /// <summary>
    /// The cursor and the bound on its side are one place to start from: whichever of them is further along.
    /// </summary>
    static void Page(SqliteFile file, PageRead page)
    {
        var request = page.Request;
        var (min, max) = (request.SequenceMin ?? long.MinValue, request.SequenceMax ?? long.MaxValue);
        var start = request.NewestFirst ? (Sequence: max, To: long.MaxValue) : (Sequence: min, To: long.MinValue);
        if (page.After is { } after && (request.NewestFirst ? after.Sequence <= max : after.Sequence >= min))
            start = (after.Sequence, after.To.Value);
        AddEntries(
            file.Statement(request.NewestFirst ? SqliteSql.PageDescending : SqliteSql.PageAscending)
                .With(page.Mapping.Number).With(page.From.Value).With(start.Sequence).With(start.To)
                .With(request.NewestFirst ? min : max).With(page.Limit + 1),
            page.Rows);
    }

    static void AddEntries(SqliteStatement row, List<EntryRow> rows)
    {
        while (row.Next())
            rows.Add(new EntryRow(ObjectId.FromInt64(row.Int64(0)), row.Int64(1), row.Bytes(2)));
        row.Reset();
    }

    static void Journal(SqliteFile file, JournalRead journal)
    {
        var row = file.Statement(SqliteSql.ReadJournal).With(journal.After).With(journal.Limit);
        while (row.Next())
            journal.Rows.Add(new JournalRow(
                row.Int64(0), TransactionId.FromBytes(row.Bytes(1)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(2)),
                row.Int64(3), row.Bytes(4)));
        row.Reset();
    }

    static NameRow Name(SqliteStatement row) => new(
        (byte)row.Int64(0), row.Bytes(1), row.Int64(2) is var owner and not 0 ? ObjectId.FromInt64(owner) : default,
        new ShardId((int)row.Int64(3)), TransactionId.FromBytes(row.Bytes(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(5)));
}
