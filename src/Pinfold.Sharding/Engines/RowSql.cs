using System.Globalization;
using System.Text;

namespace Pinfold.Sharding.Engines;

/// <summary>Conditions on rows' keys, as text that both engines take: numbers and bytes stand in it.</summary>
static class RowSql
{
    /// <summary>What can be in one statement; more are asked for in several.</summary>
    public const int KeysMax = 200;

    /// <summary>
    /// The rows of a range. SQLite finds its place in an index by a comparison of rows, MySQL by one of columns.
    /// </summary>
    public static string Where(ShardTable table, RowRange range, bool comparesRows) => (range.After, range.UpTo) switch
    {
        (null, null) => "",
        ({ } after, null) => " WHERE " + Bound(table, after, ">", comparesRows),
        (null, { } upTo) => " WHERE " + Bound(table, upTo, "<=", comparesRows),
        ({ } after, { } upTo) =>
            $" WHERE {Bound(table, after, ">", comparesRows)} AND {Bound(table, upTo, "<=", comparesRows)}",
    };

    /// <summary>The rows of these keys.</summary>
    public static string Where(ShardTable table, IEnumerable<RowKey> keys) =>
        " WHERE " + string.Join(" OR ", keys.Select(key => "(" + string.Join(" AND ",
            key.Cells(table).Select((cell, i) => $"{table.Columns[i].Name}={Literal(cell)}")) + ")"));

    /// <summary>The tombstones of these lists, which stand before all entries.</summary>
    public static string WhereTombstones(IEnumerable<ListKey> lists) =>
        $" WHERE n={ReverseEntry.Tombstone} AND({string.Join(" OR ", lists.Select(list => string.Create(
            CultureInfo.InvariantCulture, $"mapping={list.Mapping} AND from_id={list.From} AND sequence<0")))})";

    public static string KeyList(ShardTable table) =>
        string.Join(',', table.Columns.Take(table.Keys).Select(column => column.Name));

    public static string Literal(Cell cell) => cell.IsNull ? "NULL"
        : cell.Bytes is not null ? $"x'{cell.Text}'" : cell.Text;

    static string Bound(ShardTable table, RowKey key, string sign, bool comparesRows)
    {
        var cells = key.Cells(table);
        if (comparesRows)
            return $"({KeyList(table)}){sign}({string.Join(',', cells.Select(Literal))})";
        var text = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            var (name, value) = (table.Columns[i].Name, Literal(cells[i]));
            text.Append(i == cells.Length - 1 ? $"{name}{sign}{value}"
                : $"({name}{sign[0]}{value} OR ({name}={value} AND ");
        }
        return text.Append(')', 2 * (cells.Length - 1)).ToString();
    }
}
