using MySqlConnector;

namespace Pinfold.Sharding.Storage.MySql;

/// <summary>Writes reads as one batch, objects of all shards in one UNION ALL, and reads the answers in the same order.</summary>
static class MySqlReads
{
    public static MySqlBatch Build(IReadOnlyList<ShardRead> reads)
    {
        var batch = new MySqlBatch();
        var first = true;
        for (var i = 0; i < reads.Count; i++)
            if (reads[i] is ObjectsRead objects)
            {
                batch.Sql.Append(first ? "" : " UNION ALL ");
                Objects(batch, objects, i);
                first = false;
            }
        foreach (var read in reads)
            if (read is not ObjectsRead)
            {
                batch.Sql.Append(first ? "" : ";");
                Append(batch, read);
                first = false;
            }
        return batch;
    }

    public static async ValueTask ReadAnswersAsync(
        MySqlDataReader reader, IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        var first = true;
        if (reads.Any(r => r is ObjectsRead))
        {
            while (await reader.ReadAsync(cancellation))
                ((ObjectsRead)reads[reader.GetInt32(0)]).Answer(
                    new ObjectRow(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), Bytes(reader, 4)));
            first = false;
        }
        foreach (var read in reads)
        {
            if (read is ObjectsRead)
                continue;
            if (!first && !await reader.NextResultAsync(cancellation))
                throw new InvalidOperationException("The server answered fewer statements than were asked.");
            first = false;
            while (await reader.ReadAsync(cancellation))
                Answer(reader, read);
        }
    }

    static void Objects(MySqlBatch batch, ObjectsRead read, int index)
    {
        batch.Sql.Append($"SELECT {index},local_id,version,seq,body FROM {read.Shard.DatabaseName}.{read.Type.Table} WHERE local_id");
        if (read.Locals.Length == 1)
            batch.Sql.Append('=').Append(read.Locals[0]);
        else
            batch.In(read.Locals);
        batch.Sql.Append(" AND state=0");
    }

    static void Append(MySqlBatch batch, ShardRead read)
    {
        var d = read.Shard.DatabaseName;
        switch (read)
        {
            case PageRead page:
                Page(batch, page);
                break;
            case EntriesRead entries:
                batch.Sql.Append($"SELECT to_id,sequence,body FROM {d}.{entries.Mapping.Table} WHERE from_id={entries.From} AND to_id");
                batch.In(entries.To);
                break;
            case CountRead count:
                batch.Sql.Append($"SELECT n FROM {d}.mapping_counts WHERE from_id={count.From} AND mapping={count.Mapping.Number}");
                break;
            case NameRead name:
                batch.Sql.Append($"SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM {d}.names WHERE kind={name.Kind} AND name=");
                batch.Bytes(name.Name);
                break;
            case OldReservationsRead old:
                batch.Sql.Append(
                    $"SELECT kind,name,owner_id,owner_shard,owner_tx,at FROM {d}.names WHERE owner_id=0 AND " +
                    $"at<{old.Before.ToUnixTimeMilliseconds()} ORDER BY at LIMIT {old.Limit}");
                break;
            case ShardRowRead:
                batch.Sql.Append($"SELECT epoch,state,last_seq,last_local_id,format FROM {d}.shard WHERE id={read.Shard.Value}");
                break;
            case TransactionRead transaction:
                batch.Sql.Append($"SELECT seq,local_base FROM {d}.journal WHERE tx=");
                batch.Bytes(transaction.Id.ToBytes());
                break;
            case JournalRead journal:
                batch.Sql.Append(
                    $"SELECT seq,tx,at,local_base,entries FROM {d}.journal WHERE seq>{journal.After} ORDER BY seq LIMIT {journal.Limit}");
                break;
            default:
                throw new NotSupportedException($"{read.GetType().Name} is a read that MySQL does not know.");
        }
    }

    // Spelt out rather than as a row comparison, for which MySQL does not use the index.
    static void Page(MySqlBatch batch, PageRead page)
    {
        var sql = batch.Sql;
        sql.Append($"SELECT to_id,sequence,body FROM {page.Shard.DatabaseName}.{page.Mapping.Table} WHERE from_id={page.From}");
        var (beyond, order) = page.Request.NewestFirst ? ('<', " DESC") : ('>', "");
        if (page.Request.SequenceMin is { } min)
            sql.Append($" AND sequence>={min}");
        if (page.Request.SequenceMax is { } max)
            sql.Append($" AND sequence<={max}");
        if (page.After is { } after)
            sql.Append($" AND sequence{beyond}={after.Sequence} AND(sequence{beyond}{after.Sequence} OR to_id{beyond}{after.To})");
        sql.Append($" ORDER BY sequence{order},to_id{order} LIMIT {page.Limit + 1}");
    }

    static void Answer(MySqlDataReader reader, ShardRead read)
    {
        switch (read)
        {
            case PageRead page:
                page.Rows.Add(Entry(reader));
                break;
            case EntriesRead entries:
                entries.Rows.Add(Entry(reader));
                break;
            case CountRead count:
                count.Count = reader.GetInt64(0);
                break;
            case NameRead name:
                name.Row = Name(reader);
                break;
            case OldReservationsRead old:
                old.Rows.Add(Name(reader));
                break;
            case ShardRowRead shard:
                RefuseNewer(read.Shard, reader.GetInt32(4));
                shard.Row = new ShardRow(reader.GetInt64(0), (ShardState)reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3));
                break;
            case TransactionRead transaction:
                transaction.Receipt = new CommitReceipt(reader.GetInt64(0), reader.GetInt64(1));
                break;
            case JournalRead journal:
                journal.Rows.Add(new JournalRow(
                    reader.GetInt64(0), TransactionId.FromBytes(Bytes(reader, 1)),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), reader.GetInt64(3), Bytes(reader, 4)));
                break;
        }
    }

    static EntryRow Entry(MySqlDataReader reader) =>
        new(ObjectId.FromInt64(reader.GetInt64(0)), reader.GetInt64(1), Bytes(reader, 2));

    static NameRow Name(MySqlDataReader reader) => new(
        reader.GetByte(0), Bytes(reader, 1), reader.GetInt64(2) is var owner and not 0 ? ObjectId.FromInt64(owner) : default,
        new ShardId(reader.GetInt32(3)), TransactionId.FromBytes(Bytes(reader, 4)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)));

    static byte[] Bytes(MySqlDataReader reader, int column) => (byte[])reader.GetValue(column);

    static void RefuseNewer(ShardId shard, int format)
    {
        if (format > MySqlSchema.Format)
            throw new PinfoldException(ErrorKind.Corrupt,
                $"Shard {shard} has table format {format}; this program knows up to {MySqlSchema.Format}. Use a newer program.")
            { Shard = shard };
    }
}
