using System.Text.RegularExpressions;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The layout of a shard's database as lines that compare: those of the statements that make it, and those that a
/// server says. MySQL and MariaDB spell the same type in different ways.
/// </summary>
static partial class MySqlSchemaLines
{
    /// <summary>The lines of statements such as <see cref="MySqlSchema"/> writes.</summary>
    public static IEnumerable<string> Of(string createStatements)
    {
        var table = "";
        foreach (var line in createStatements.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (TableLine().Match(line) is { Success: true } begin)
                table = begin.Groups[1].Value;
            else if (table.Length > 0)
                foreach (var said in OfPart(table, line))
                    yield return said;
            if (line.Contains(" ENGINE=", StringComparison.Ordinal) && table.Length > 0)
            {
                yield return Table(table, "innodb", "stats_persistent=0");
                table = "";
            }
        }
    }

    /// <summary>Rows of which <see cref="Of(MySqlDataReader)"/> makes lines.</summary>
    public static string Query(string database) => $"""
        SELECT 'column',CAST(TABLE_NAME AS CHAR),CAST(COLUMN_NAME AS CHAR),CAST(COLUMN_TYPE AS CHAR),
          CAST(IS_NULLABLE AS CHAR),CAST(COLUMN_DEFAULT AS CHAR)
          FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='{database}'
        UNION ALL SELECT 'index',CAST(TABLE_NAME AS CHAR),CAST(INDEX_NAME AS CHAR),
          CAST(GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX)AS CHAR),CAST(MAX(NON_UNIQUE)AS CHAR),''
          FROM information_schema.STATISTICS WHERE TABLE_SCHEMA='{database}' GROUP BY TABLE_NAME,INDEX_NAME
        UNION ALL SELECT 'table',CAST(TABLE_NAME AS CHAR),CAST(ENGINE AS CHAR),CAST(CREATE_OPTIONS AS CHAR),'',''
          FROM information_schema.TABLES WHERE TABLE_SCHEMA='{database}'
        """;

    public static string Of(MySqlDataReader row)
    {
        string At(int i) => row.IsDBNull(i) ? "" : row.GetString(i);
        return At(0) switch
        {
            "column" => Column(At(1), At(2), At(3), isNullable: At(4) == "YES", At(5) == "NULL" ? "" : At(5)),
            "index" => Index(At(1), At(2), At(4) == "0", At(3)),
            _ => Table(At(1), At(2), Persistence().Match(At(3)).Value),
        };
    }

    static IEnumerable<string> OfPart(string table, string line)
    {
        if (KeyLine().Match(line) is { Success: true } key)
            yield return Index(table, key.Groups["name"] is { Success: true } name ? name.Value.Trim() : "PRIMARY",
                key.Groups["unique"].Success, key.Groups["columns"].Value);
        else if (ColumnLine().Match(line) is { Success: true } column)
        {
            yield return Column(table, column.Groups["name"].Value, column.Groups["type"].Value,
                !column.Groups["notnull"].Success, column.Groups["default"].Value);
            if (line.Contains(" PRIMARY KEY", StringComparison.Ordinal))
                yield return Index(table, "PRIMARY", isUnique: true, column.Groups["name"].Value);
        }
    }

    static string Column(string table, string name, string type, bool isNullable, string ifNothing) =>
        $"column {table}.{name} {WidthOfNumber().Replace(type.ToLowerInvariant(), "int")}"
        + (isNullable ? "" : " not null") + (ifNothing.Length == 0 ? "" : $" default {ifNothing}");

    static string Index(string table, string name, bool isUnique, string columns) =>
        $"{(isUnique ? "unique index" : "index")} {table}.{name} "
        + $"({columns.Replace(" ", "", StringComparison.Ordinal)})";

    static string Table(string name, string engine, string options) =>
        $"table {name} {engine.ToLowerInvariant()} {options.ToLowerInvariant()}";

    [GeneratedRegex(@"^CREATE TABLE IF NOT EXISTS \S+\.(\w+) \(")]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^(?<unique>PRIMARY |UNIQUE )?KEY (?<name>\w+ )?\((?<columns>[^)]+)\)")]
    private static partial Regex KeyLine();

    [GeneratedRegex(
        @"^(?<name>\w+) (?<type>\w+(\(\d+\))?( UNSIGNED)?)(?<notnull> NOT NULL)?( DEFAULT (?<default>\w+))?")]
    private static partial Regex ColumnLine();

    [GeneratedRegex(@"int\(\d+\)")]
    private static partial Regex WidthOfNumber();

    [GeneratedRegex("stats_persistent=.", RegexOptions.IgnoreCase)]
    private static partial Regex Persistence();
}
