using System.Globalization;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>Rows of a shard's tables by their keys, as they are copied.</summary>
sealed class MySqlShardRows(MySqlShardServer server)
{
    /// <summary>A statement is not much longer, unless one row is.</summary>
    const int StatementBytes = 1 << 20;

    const int RowsPerStatement = 1000;

    public async ValueTask<IReadOnlyList<Cell[]>> ReadAsync(
        MySqlConnection connection, ShardId shard, ShardTable table, string where, string end,
        CancellationToken cancellation)
    {
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT {table.ColumnList} FROM {NameOf(shard, table)}");
        if (end.Length > 0)
            batch.Sql.Append($" FORCE INDEX({table.Index})");
        batch.Sql.Append(where).Append(end);
        await using var command = batch.ToCommand(connection, Limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<Cell[]>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = new Cell[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? Cell.Null
                    : table.Columns[i].IsBytes ? new Cell(0, reader.GetFieldValue<byte[]>(i))
                    : new Cell(reader.GetInt64(i));
            rows.Add(row);
        }
        return rows;
    }

    public async ValueTask<RowKey?> FindEndAsync(
        MySqlConnection connection, ShardId shard, ShardTable table, RowKey? after, int rows,
        CancellationToken cancellation)
    {
        var sql = string.Create(CultureInfo.InvariantCulture,
            $"SELECT {RowSql.KeyList(table)} FROM {NameOf(shard, table)} FORCE INDEX({table.Index})"
            + $"{RowSql.Where(table, new RowRange(after, null), comparesRows: false)} "
            + $"ORDER BY {RowSql.KeyList(table)} LIMIT {rows - 1},1");
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = MySqlMarks.SecondsMax };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var key = new Cell[table.Keys];
        for (var i = 0; i < key.Length; i++)
            key[i] = table.Columns[i].IsBytes ? new Cell(0, reader.GetFieldValue<byte[]>(i))
                : new Cell(reader.GetInt64(i));
        return RowKey.Of(table, key);
    }

    /// <summary>What <see cref="RowSum"/> reckons, by the server.</summary>
    public async ValueTask<RowSum> SumAsync(
        MySqlConnection connection, ShardId shard, ShardTable table, RowRange range, CancellationToken cancellation)
    {
        var text = string.Join(',', table.Columns.Select((column, i) =>
            column.IsBytes && i < table.Columns.Count - 1 ? $"HEX({column.Name})"
            : column.Name == "n" ? "IFNULL(n,'-')" : column.Name));
        var sql = $"""
            SELECT COUNT(*),BIT_XOR(CAST(CONV(LEFT(h,16),16,10)AS UNSIGNED)),
              BIT_XOR(CAST(CONV(SUBSTRING(h,17,16),16,10)AS UNSIGNED))
            FROM(SELECT SHA2(CONCAT_WS(',',{text}),256)h FROM {NameOf(shard, table)} FORCE INDEX({table.Index})
              {RowSql.Where(table, range, comparesRows: false)})hashed
            """;
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = MySqlMarks.SecondsMax };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new RowSum(reader.GetInt64(0), reader.GetUInt64(1), reader.GetUInt64(2));
    }

    public async ValueTask ChangeAsync(
        MySqlConnection connection, ShardId shard, TableChange change, CancellationToken cancellation)
    {
        var table = NameOf(shard, change.Table);
        if (change.Range is { } range)
            await DeleteAsync(RowSql.Where(change.Table, range, comparesRows: false));
        foreach (var keys in change.Keys.Chunk(RowSql.KeysMax))
            await DeleteAsync(RowSql.Where(change.Table, keys));
        foreach (var lists in change.TombstonesOf.Chunk(RowSql.KeysMax))
            await DeleteAsync(RowSql.WhereTombstones(lists));
        for (var next = 0; next < change.Rows.Count;)
        {
            var batch = new MySqlBatch(StatementBytes / 16);
            batch.Sql.Append($"INSERT INTO {table}({change.Table.ColumnList})VALUES");
            var (bytes, first) = (0, next);
            while (next < change.Rows.Count && bytes < StatementBytes && next - first < RowsPerStatement)
            {
                var row = change.Rows[next];
                batch.Sql.Append(next == first ? "(" : ",(");
                for (var i = 0; i < row.Length; i++)
                {
                    if (i > 0)
                        batch.Sql.Append(',');
                    if (row[i].Bytes is { } value)
                        batch.Bytes(value);
                    else
                        batch.Sql.Append(row[i].IsNull ? "NULL" : row[i].Text);
                    bytes += row[i].Size;
                }
                batch.Sql.Append(')');
                next++;
            }
            await ExecuteAsync(connection, batch, cancellation);
        }

        async ValueTask DeleteAsync(string where)
        {
            var batch = new MySqlBatch();
            batch.Sql.Append($"DELETE FROM {table}{where}");
            await ExecuteAsync(connection, batch, cancellation);
        }
    }

    public async ValueTask ExecuteAsync(
        MySqlConnection connection, MySqlBatch batch, CancellationToken cancellation)
    {
        await using var command = batch.ToCommand(connection, Limit);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    static TimeSpan Limit => TimeSpan.FromSeconds(MySqlMarks.SecondsMax);

    string NameOf(ShardId shard, ShardTable table) => $"{server.Databases.Of(shard)}.{table.Name}";
}
