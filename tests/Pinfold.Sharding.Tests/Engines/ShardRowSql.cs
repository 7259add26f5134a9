using System.Text.RegularExpressions;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>
/// Tests speak of a shard's own row as SQLite has it: a table <c>shard</c> of one row. A server has the rows of all its
/// shards in one table, of which no other may be touched.
/// </summary>
static partial class ShardRowSql
{
    public static string OnServer(string sql, ShardId shard, DatabaseNames databases)
    {
        var translated = Table().Replace(sql, $"{databases.Server}.shards");
        if (translated == sql || sql.StartsWith("INSERT", StringComparison.Ordinal))
            return translated;
        var order = translated.IndexOf(" ORDER BY", StringComparison.Ordinal);
        return translated.Insert(order < 0 ? translated.Length : order, $" WHERE id={shard}");
    }

    [GeneratedRegex(@"(?<=\b(UPDATE|FROM|INTO) )shard\b")]
    private static partial Regex Table();
}
