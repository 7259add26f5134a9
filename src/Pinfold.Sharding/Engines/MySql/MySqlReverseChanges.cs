namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// Entries of reverse mappings and their tombstones, each written unless the pair's is as new: as one statement, the
/// rows of each list, and behind them the row that counts them.
/// </summary>
/// <remarks>
/// A row that is new counts if it is an entry. Of a pair that is met as a duplicate, <c>@dN</c> counts what is less
/// than that: an entry that was there, or is not written for a newer one, and one that becomes a tombstone.
/// </remarks>
sealed class MySqlReverseChanges(MySqlBatch batch, string database, int n)
{
    const string IsNewer = "body<VALUES(body)", IsTombstone = "n<0";

    readonly OrderedDictionary<(int Mapping, ObjectId From), List<ReverseEntry>> _lists = [];

    public void Put(ReverseEntry reverse)
    {
        var key = (reverse.Mapping.Number, reverse.From);
        if (!_lists.TryGetValue(key, out var list))
            _lists.Add(key, list = []);
        list.Add(reverse);
    }

    public void Flush()
    {
        if (_lists.Count == 0)
            return;
        Write();
        Sweep();
        _lists.Clear();
    }

    void Write()
    {
        var sql = batch.Sql.Append($"INSERT INTO {database}.entries(mapping,from_id,sequence,to_id,n,body)VALUES");
        var comma = "";
        foreach (var ((mapping, from), entries) in _lists)
        {
            foreach (var entry in entries)
            {
                sql.Append($"{comma}({mapping},{from},{entry.Place},{entry.To},")
                    .Append(entry.IsThere ? "NULL," : $"{ReverseEntry.Tombstone},");
                batch.Bytes(entry.NumberBytes());
                sql.Append(')');
                comma = ",";
            }
            sql.Append($",({mapping},{from},0,0,{entries.Count(e => e.IsThere)}-@d{n}+(@d{n}:=0),'')");
        }
        sql.Append($"ON DUPLICATE KEY UPDATE sequence=IF((@d{n}:=@d{n}+IF(to_id=0,0,IF(VALUES(n)IS NULL,")
            .Append($"NOT({IsNewer} AND {IsTombstone}<=>1),{IsNewer} AND n IS NULL)))<0,0,")
            .Append($"IF({IsNewer},VALUES(sequence),sequence)),")
            .Append($"n=IF(to_id=0,n+VALUES(n),IF({IsNewer},VALUES(n),n)),body=IF({IsNewer},VALUES(body),body);");
    }

    void Sweep()
    {
        foreach (var ((mapping, from), entries) in _lists)
            if (entries.Find(e => !e.IsThere) is { } removal)
                batch.Sql.Append($"DELETE FROM {database}.entries WHERE mapping={mapping} AND from_id={from} ")
                    .Append($"AND sequence<{removal.SweepBefore} AND n={ReverseEntry.Tombstone} ")
                    .Append($"ORDER BY sequence LIMIT {ReverseEntry.SweptMax};");
    }
}
