using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>What is stored, read as it is; and a list's count, set to what it has.</summary>
static class SqliteInspection
{
    // What operations leave beside a shard is no part of it.
    const string SchemaLines = """
        SELECT 'column '||t.name||'.'||c.name||' '||lower(c.type)||iif(c."notnull",' not null','')
          FROM sqlite_schema t,pragma_table_info(t.name) c
          WHERE t.type='table' AND t.name<>'copy' AND t.name NOT LIKE 'sqlite%'
        UNION ALL
        SELECT iif(i."unique",'unique index ','index ')||t.name||'.'||i.name||' ('||
          (SELECT group_concat(x.name) FROM pragma_index_info(i.name) x)||')'
          FROM sqlite_schema t,pragma_index_list(t.name) i
          WHERE t.type='table' AND t.name<>'copy' AND t.name NOT LIKE 'sqlite%'
        """;

    static readonly Lazy<IReadOnlyList<string>> Expected = new(MakeAndRead);

    public static void Answer(SqliteFile file, InspectionRead read)
    {
        switch (read)
        {
            case RowsRead rows:
                Rows(file, rows);
                break;
            case ListCountRead list:
                Count(file, list);
                break;
            case RepeatedTransactionsRead repeated:
                using (var row = file.Prepare("SELECT tx,MIN(seq),COUNT(*)FROM journal GROUP BY tx HAVING COUNT(*)>1 "
                    + $"ORDER BY 2 LIMIT {RepeatedTransactionsRead.RowsMax}"))
                    while (row.Next())
                        repeated.Rows.Add((TransactionId.FromBytes(row.Bytes(0)), row.Int64(1), row.Int64(2)));
                break;
            case SchemaRead schema:
                schema.Expected.UnionWith(Expected.Value);
                using (var line = file.Prepare(SchemaLines))
                    while (line.Next())
                        schema.Found.Add(line.Text(0));
                break;
            default:
                throw new NotSupportedException($"{read.GetType().Name} is a read that SQLite does not know.");
        }
    }

    public static void Recount(SqliteFile file, RecountList recount) => file.Execute($"""
        INSERT INTO entries(mapping,from_id,sequence,to_id,n,body)
          SELECT {recount.Mapping.Number},{recount.From},0,0,COUNT(*),x'' FROM entries INDEXED BY entries_pair
          WHERE mapping={recount.Mapping.Number} AND from_id={recount.From} AND to_id>0 AND n IS NULL
          ON CONFLICT DO UPDATE SET n=excluded.n
        """);

    static void Rows(SqliteFile file, RowsRead rows)
    {
        var from = rows.Table == ShardTable.Entries ? "entries INDEXED BY entries_pair" : rows.Table.Name;
        var which = rows.Keys is { } keys
            ? RowSql.Where(rows.Table, keys)
            : RowSql.Where(rows.Table, new RowRange(rows.After, null), comparesRows: true)
                + $" ORDER BY {RowSql.KeyList(rows.Table)} LIMIT {rows.Limit}";
        // A condition of many keys cannot be asked of an index by its name.
        using var row = file.Prepare($"SELECT {string.Join(',', rows.Columns.Select(column => column.Name))} "
            + $"FROM {(rows.Keys is null ? from : rows.Table.Name)}{which}");
        while (row.Next())
            rows.Rows.Add([.. rows.Columns.Select((column, i) => row.IsNull(i) ? Cell.Null
                : column.IsBytes ? new Cell(0, row.Bytes(i)) : new Cell(row.Int64(i)))]);
    }

    static void Count(SqliteFile file, ListCountRead list)
    {
        var of = $"mapping={list.List.Mapping} AND from_id={list.List.From}";
        using var row = file.Prepare($"SELECT(SELECT n FROM entries WHERE {of} AND sequence=0 AND to_id=0),"
            + $"(SELECT COUNT(*)FROM entries INDEXED BY entries_pair WHERE {of} AND to_id>0 AND n IS NULL)");
        row.Next();
        (list.Counted, list.Entries) = (row.Int64(0), row.Int64(1));
    }

    static List<string> MakeAndRead()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var make = connection.CreateCommand();
        make.CommandText = SqliteSchema.Tables;
        make.ExecuteNonQuery();
        using var read = connection.CreateCommand();
        read.CommandText = SchemaLines;
        using var reader = read.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
