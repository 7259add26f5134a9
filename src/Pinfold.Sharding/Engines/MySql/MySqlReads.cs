using System.Text;
using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// Writes reads as one batch, objects, entries and counts of all shards in one UNION ALL, and reads the answers in the
/// same order.
/// </summary>
/// <remarks>
/// The rows of the UNION ALL all have the same five columns: which read, three numbers, a body. One statement is
/// parsed, described and answered once, where several cost a system call and a wake-up each on either side.
/// </remarks>
static class MySqlReads
{
    public static MySqlBatch Build(IReadOnlyList<ShardRead> reads, DatabaseNames databases)
    {
        var batch = new MySqlBatch();
        var parts = 0;
        for (var i = 0; i < reads.Count; i++)
            if (IsInUnion(reads[i]))
            {
                batch.Sql.Append(parts++ == 0 ? "" : " UNION ALL ");
                Part(batch, databases.Of(reads[i].Shard), reads[i], i, isAlone: reads.Count == 1);
            }
        for (var i = 0; i < reads.Count; i++)
            if (!IsInUnion(reads[i]))
            {
                batch.Sql.Append(parts++ == 0 ? "" : ";");
                Append(batch, databases, reads[i]);
            }
        return batch;
    }

    public static async ValueTask ReadAnswersAsync(
        MySqlDataReader reader, IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        var isFirst = !reads.Any(IsInUnion);
        if (!isFirst)
        {
            while (await reader.ReadAsync(cancellation))
                AnswerPart(reader, reads[reader.GetInt32(0)]);
            foreach (var read in reads)
            {
                (read as PageRead)?.Order();
                (read as ScanRead)?.Order();
            }
        }
        foreach (var read in reads)
        {
            if (IsInUnion(read))
                continue;
            if (!isFirst && !await reader.NextResultAsync(cancellation))
                throw new InvalidOperationException("The server answered fewer statements than were asked.");
            isFirst = false;
            while (await reader.ReadAsync(cancellation))
                Answer(reader, read);
        }
    }

    static bool IsInUnion(ShardRead read) => read is ObjectsRead or ScanRead or PageRead or EntriesRead or CountRead;

    // The index is named, for both begin with the list: by a server's estimate a long list was read by its pairs, and
    // sorted. The row that counts a list is none of its entries.
    static void Part(MySqlBatch batch, string d, ShardRead read, int place, bool isAlone)
    {
        var sql = batch.Sql;
        switch (read)
        {
            case ObjectsRead objects:
                sql.Append($"SELECT {place},local_id,version,seq,body FROM {d}.objects ")
                    .Append($"WHERE type={objects.Type.Number} AND local_id");
                if (objects.Locals.Length == 1)
                    sql.Append('=').Append(objects.Locals[0]);
                else
                    batch.In(objects.Locals);
                sql.Append(" AND state=0");
                break;
            case ScanRead scan:
                sql.Append(isAlone ? "" : "(")
                    .Append($"SELECT {place},local_id,version,seq,body FROM {d}.objects WHERE type={scan.Type.Number} ")
                    .Append($"AND local_id>{scan.After} AND state=0 ORDER BY local_id LIMIT {scan.Limit}")
                    .Append(isAlone ? "" : ")");
                break;
            case PageRead page:
                sql.Append(isAlone ? "" : "(").Append(
                    $"SELECT {place},to_id,sequence,0,body FROM {d}.entries FORCE INDEX(PRIMARY)" +
                        $"WHERE mapping={page.Mapping.Number} AND from_id={page.From.Value} AND n IS NULL");
                Page(sql, page);
                sql.Append(isAlone ? "" : ")");
                break;
            case EntriesRead entries:
                sql.Append(
                    $"SELECT {place},to_id,sequence,0,body FROM {d}.entries FORCE INDEX(pair)" +
                        $"WHERE mapping={entries.Mapping.Number} AND from_id={entries.From.Value} AND to_id");
                batch.In(entries.To);
                sql.Append(" AND n IS NULL");
                break;
            case CountRead count:
                sql.Append(
                    $"SELECT {place},n,0,0,body FROM {d}.entries WHERE mapping={count.Mapping.Number} AND " +
                        $"from_id={count.From.Value} AND sequence=0 AND to_id=0");
                break;
            default:
                throw Unknown(read);
        }
    }

    static void Append(MySqlBatch batch, DatabaseNames databases, ShardRead read)
    {
        var d = databases.Of(read.Shard);
        switch (read)
        {
            case NameRead name:
                batch.Sql.Append(
                    $"SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM {d}.names WHERE kind={name.Kind} AND " +
                        "name=");
                batch.Bytes(name.Name);
                break;
            case OldReservationsRead old:
                batch.Sql.Append(
                    $"SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM {d}.names WHERE owner_id=0 AND " +
                    $"at<{old.Before.ToUnixTimeMilliseconds()} ORDER BY at LIMIT {old.Limit}");
                break;
            case ShardRowRead:
                batch.Sql.Append(
                    $"SELECT epoch,state,last_seq,last_local_id,format FROM {databases.Server}.shards " +
                        $"WHERE id={read.Shard.Value}");
                break;
            case ServerLimitsRead:
                batch.Sql.Append("SELECT @@table_open_cache,@@table_definition_cache,@@innodb_open_files,")
                    .Append("@@open_files_limit,@@max_connections");
                break;
            case TransactionRead transaction:
                batch.Sql.Append($"SELECT seq,local_base FROM {d}.journal WHERE tx=");
                batch.Bytes(transaction.Id.ToBytes());
                break;
            case JournalRead journal:
                batch.Sql.Append(
                    $"SELECT seq,tx,at,local_base,entries FROM {d}.journal WHERE seq>{journal.After} ORDER BY seq " +
                        $"LIMIT {journal.Limit}");
                break;
            case InspectionRead inspection:
                MySqlInspection.Append(batch, databases, inspection);
                break;
            default:
                throw Unknown(read);
        }
    }

    // Spelt out rather than as a row comparison, for which MySQL does not use the index.
    static void Page(StringBuilder sql, PageRead page)
    {
        var (beyond, order) = page.Request.NewestFirst ? ('<', " DESC") : ('>', "");
        if (page.Request.SequenceMin is { } min)
            sql.Append($" AND sequence>={min}");
        if (page.Request.SequenceMax is { } max)
            sql.Append($" AND sequence<={max}");
        if (page.After is { } after)
            sql.Append(
                $" AND sequence{beyond}={after.Sequence} AND(sequence{beyond}{after.Sequence} OR " +
                    $"to_id{beyond}{after.To})");
        sql.Append($" ORDER BY sequence{order},to_id{order} LIMIT {page.Limit + 1}");
    }

    static void AnswerPart(MySqlDataReader reader, ShardRead read)
    {
        switch (read)
        {
            case ObjectsRead objects:
                objects.Answer(Object(reader));
                break;
            case ScanRead scan:
                scan.Rows.Add(Object(reader));
                break;
            case PageRead page:
                page.Rows.Add(Entry(reader));
                break;
            case EntriesRead entries:
                entries.Rows.Add(Entry(reader));
                break;
            case CountRead count:
                count.Count = reader.GetInt64(1);
                break;
            default:
                throw Unknown(read);
        }
    }

    static void Answer(MySqlDataReader reader, ShardRead read)
    {
        switch (read)
        {
            case NameRead name:
                name.Row = Name(reader);
                break;
            case OldReservationsRead old:
                old.Rows.Add(Name(reader));
                break;
            case ShardRowRead shard:
                MySqlSchema.RefuseOthers(read.Shard, reader.GetInt32(4));
                shard.Row =
                    new ShardRow(
                        reader.GetInt64(0), (ShardState)reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3));
                break;
            case ServerLimitsRead limits:
                limits.Limits = new ServerLimits(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2),
                    reader.GetInt64(3), reader.GetInt64(4));
                break;
            case TransactionRead transaction:
                transaction.Receipt = new CommitReceipt(reader.GetInt64(0), reader.GetInt64(1));
                break;
            case JournalRead journal:
                journal.Rows.Add(new JournalRow(
                    reader.GetInt64(0), TransactionId.FromBytes(Bytes(reader, 1)),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetInt64(3), Bytes(reader, 4)));
                break;
            case InspectionRead inspection:
                MySqlInspection.Answer(reader, inspection);
                break;
            default:
                throw Unknown(read);
        }
    }

    static NotSupportedException Unknown(ShardRead read) =>
        new($"{read.GetType().Name} is a read that MySQL does not know.");

    static ObjectRow Object(MySqlDataReader reader) =>
        new(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), Bytes(reader, 4));

    static EntryRow Entry(MySqlDataReader reader) =>
        new(ObjectId.FromInt64(reader.GetInt64(1)), reader.GetInt64(2), Bytes(reader, 4));

    static NameRow Name(MySqlDataReader reader) => new(
        reader.GetByte(0), Bytes(reader, 1), reader.GetInt64(2) is var owner and not 0 ? ObjectId.FromInt64(owner)
            : default,
        new ShardId(reader.GetInt32(3)), TransactionId.FromBytes(Bytes(reader, 4)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)));

    static byte[] Bytes(MySqlDataReader reader, int column) => (byte[])reader.GetValue(column);
}
