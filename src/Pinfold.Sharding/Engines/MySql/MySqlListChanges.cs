namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// Entries that are put and removed in a shard's part of a commit. What is put until something has to see it becomes
/// one statement: the entries of each list, and behind them the row that counts them.
/// </summary>
/// <remarks>
/// Servers take the rows one after the other. An entry that is there already is met as a duplicate and counted in
/// <c>@dN</c>; the list's counting row adds as many as were not, and sets the variable back. They are counted by a
/// variable because MySQL would reckon a sum in floating point, and may not read the table that it writes.
/// </remarks>
sealed class MySqlListChanges(MySqlBatch batch, string database, MySqlNumbers numbers, int n)
{
    // By mapping and by the text of the id that the list is from.
    readonly OrderedDictionary<(int Mapping, string From), List<(PutEntry Put, int NewBefore)>> _lists = [];

    // Whether what is put of a mapping is from new objects. One could be named by its number too, by who guessed that:
    // then it would be one list under two names, and the order of what is put on it would be lost.
    readonly Dictionary<int, bool> _areFromNew = [];

    readonly MySqlReverseChanges _reverses = new(batch, database, n);

    /// <summary>Puts an entry when <see cref="Flush"/> is called at the latest.</summary>
    /// <param name="put">The entry.</param>
    /// <param name="newBefore">How many objects earlier transactions of the commit make.</param>
    public void Put(PutEntry put, int newBefore)
    {
        if (_areFromNew.TryGetValue(put.Mapping.Number, out var isFromNew) && isFromNew != put.From.IsNew)
            Flush();
        _areFromNew[put.Mapping.Number] = put.From.IsNew;
        var key = (put.Mapping.Number, numbers.Id(put.From, newBefore));
        if (!_lists.TryGetValue(key, out var list))
            _lists.Add(key, list = []);
        list.Add((put, newBefore));
    }

    /// <summary>As the other. No list is written both ways, so nothing has to see the other kind.</summary>
    public void Put(ReverseEntry reverse) => _reverses.Put(reverse);

    public void Remove(RemoveEntry remove)
    {
        Flush();
        var (list, to) = ($"mapping={remove.Mapping.Number} AND from_id={remove.From}", remove.To);
        batch.Sql
            .Append($"UPDATE {database}.entries c JOIN {database}.entries e USING(mapping,from_id)SET c.n=c.n-1 ")
            .Append($"WHERE {list} AND c.sequence=0 AND c.to_id=0 AND e.to_id={to};")
            .Append($"DELETE FROM {database}.entries WHERE {list} AND to_id={to};");
    }

    /// <summary>Writes what was put so far, of which a later statement may be to see something.</summary>
    public void Flush()
    {
        _reverses.Flush();
        if (_lists.Count == 0)
            return;
        batch.Sql.Append($"INSERT INTO {database}.entries(mapping,from_id,sequence,to_id,n,body)VALUES");
        var comma = "";
        foreach (var ((mapping, from), entries) in _lists)
        {
            foreach (var (put, newBefore) in entries)
            {
                batch.Sql.Append(
                    $"{comma}({mapping},{from},{put.Sequence},{numbers.Id(put.To, newBefore)},NULL,");
                batch.Bytes(put.Body).Sql.Append(')');
                comma = ",";
            }
            batch.Sql.Append($",({mapping},{from},0,0,{entries.Count}-@d{n}+(@d{n}:=0),'')");
        }
        batch.Sql.Append("ON DUPLICATE KEY UPDATE n=n+VALUES(n),body=VALUES(body),")
            .Append($"sequence=IF((@d{n}:=@d{n}+(to_id>0))<0,0,VALUES(sequence));");
        _lists.Clear();
        _areFromNew.Clear();
    }
}
