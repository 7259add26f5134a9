using System.Text;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>A list's count, set to what it has.</summary>
static class MySqlRecount
{
    // From a table of its own, since its columns have the names of those that are written.
    public static void Append(StringBuilder sql, string database, RecountList recount) => sql
        .Append($"INSERT INTO {database}.entries(mapping,from_id,sequence,to_id,n,body)")
        .Append($"SELECT {recount.Mapping.Number},{recount.From},0,0,counted.many,'' FROM(SELECT COUNT(*)many ")
        .Append($"FROM {database}.entries FORCE INDEX(pair)WHERE mapping={recount.Mapping.Number} ")
        .Append($"AND from_id={recount.From} AND to_id>0 AND n IS NULL)counted ")
        .Append("ON DUPLICATE KEY UPDATE n=VALUES(n);");
}
