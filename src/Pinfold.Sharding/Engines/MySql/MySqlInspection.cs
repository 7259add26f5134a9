using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>What is stored, read as it is.</summary>
static class MySqlInspection
{
    public static void Append(MySqlBatch batch, DatabaseNames databases, InspectionRead read)
    {
        var d = databases.Of(read.Shard);
        switch (read)
        {
            case RowsRead rows:
                batch.Sql.Append($"SELECT {string.Join(',', rows.Columns.Select(column => column.Name))} ")
                    .Append($"FROM {d}.{rows.Table.Name} FORCE INDEX({rows.Table.Index})");
                if (rows.Keys is { } keys)
                    batch.Sql.Append(RowSql.Where(rows.Table, keys));
                else
                    batch.Sql.Append(RowSql.Where(rows.Table, new RowRange(rows.After, null), comparesRows: false))
                        .Append($" ORDER BY {RowSql.KeyList(rows.Table)} LIMIT {rows.Limit}");
                break;
            case ListCountRead { List: var list }:
                var of = $"mapping={list.Mapping} AND from_id={list.From}";
                batch.Sql.Append($"SELECT(SELECT n FROM {d}.entries WHERE {of} AND sequence=0 AND to_id=0),")
                    .Append($"(SELECT COUNT(*)FROM {d}.entries FORCE INDEX(pair)WHERE {of} AND to_id>0 AND n IS NULL)");
                break;
            case RepeatedTransactionsRead:
                batch.Sql.Append($"SELECT tx,MIN(seq),COUNT(*)FROM {d}.journal GROUP BY tx HAVING COUNT(*)>1 ")
                    .Append($"ORDER BY 2 LIMIT {RepeatedTransactionsRead.RowsMax}");
                break;
            case SchemaRead schema:
                schema.Expected.UnionWith(MySqlSchemaLines.Of(MySqlSchema.ShardTables(databases, read.Shard)));
                batch.Sql.Append(MySqlSchemaLines.Query(d));
                break;
            default:
                throw new NotSupportedException($"{read.GetType().Name} is a read that MySQL does not know.");
        }
    }

    public static void Answer(MySqlDataReader reader, InspectionRead read)
    {
        switch (read)
        {
            case RowsRead rows:
                rows.Rows.Add([.. rows.Columns.Select((column, i) => reader.IsDBNull(i) ? Cell.Null
                    : column.IsBytes ? new Cell(0, reader.GetFieldValue<byte[]>(i)) : new Cell(reader.GetInt64(i)))]);
                break;
            case ListCountRead list:
                (list.Counted, list.Entries) = (reader.IsDBNull(0) ? 0 : reader.GetInt64(0), reader.GetInt64(1));
                break;
            case RepeatedTransactionsRead repeated:
                repeated.Rows.Add((TransactionId.FromBytes(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1),
                    reader.GetInt64(2)));
                break;
            case SchemaRead schema:
                schema.Found.Add(MySqlSchemaLines.Of(reader));
                break;
        }
    }
}
