using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>The statements of a commit that are for one shard.</summary>
/// <remarks>
/// <c>@sN</c> and <c>@lN</c> are the last journal number and local id that the fence has handed out. <c>@uN</c> counts
/// the objects that updates and deletes met; the journal rows are refused unless it is as many as were asked for.
/// <c>@dN</c> counts the entries of a statement that were there already. The text is as short as it can be, for reading
/// it costs a server as much as doing it.
/// </remarks>
/// <param name="batch">What the statements are added to.</param>
/// <param name="n">Numbers its user variables.</param>
/// <param name="commit">What is to be written.</param>
/// <param name="databases">What the server's databases are called.</param>
/// <param name="isAlone">
/// Whether this is one transaction alone. Among others an entry that leads to a new object is a plain insert, which
/// costs less. It can be there already, put for an id before that was handed out; then the commit is refused, and its
/// transactions are tried alone.
/// </param>
sealed class MySqlShardPart(MySqlBatch batch, int n, ShardCommit commit, DatabaseNames databases, bool isAlone)
{
    readonly string _database = databases.Of(commit.Shard);
    readonly int _newObjects = commit.Transactions.Sum(t => t.NewObjects);
    readonly int _objectsToMeet =
        commit.Transactions.Sum(t => t.Operations.Count(o => o is UpdateObject or DeleteObject));

    /// <summary>What an earlier commit of this session may have left in the variables that are used here.</summary>
    public void ClearVariables(System.Text.StringBuilder sql, string assign)
    {
        sql.Append($"@s{n}{assign}NULL,@l{n}{assign}NULL");
        if (_objectsToMeet > 0)
            sql.Append($",@u{n}{assign}0");
    }

    public void Append()
    {
        Fence();
        Creates();
        var newBefore = 0;
        for (var i = 0; i < commit.Transactions.Count; i++)
        {
            var transaction = commit.Transactions[i];
            foreach (var operation in transaction.Operations)
                Change(operation, i, newBefore);
            NewEntries(transaction, newBefore);
            newBefore += transaction.NewObjects;
        }
        JournalRows();
    }

    void Fence() => batch.Sql.Append(
        $"UPDATE {_database}.shard SET last_seq=@s{n}:=IF(epoch={commit.Epoch} AND state=1 AND " +
        $"last_local_id<={ObjectId.LocalMax - _newObjects},last_seq+{commit.Transactions.Count},NULL)," +
        $"last_local_id=@l{n}:=last_local_id+{_newObjects} WHERE id={commit.Shard.Value};");

    /// <summary>New objects of all transactions, a statement per table: nothing can depend on their order.</summary>
    void Creates()
    {
        var types = commit.Transactions.SelectMany(t => t.Operations).OfType<CreateObject>().Select(c => c.Type);
        foreach (var type in types.Distinct())
        {
            batch.Sql.Append($"INSERT INTO {_database}.{type.Name}(local_id,version,seq,state,body)VALUES");
            var newBefore = 0;
            var first = true;
            for (var i = 0; i < commit.Transactions.Count; i++)
            {
                foreach (var operation in commit.Transactions[i].Operations)
                    if (operation is CreateObject create && create.Type == type)
                    {
                        batch.Sql.Append(first ? "(" : ",(").Append(
                            $"{Local(newBefore + create.Ordinal)},1,{Seq(i)},0,");
                        batch.Bytes(create.Body).Sql.Append(')');
                        first = false;
                    }
                newBefore += commit.Transactions[i].NewObjects;
            }
            batch.Sql.Append(';');
        }
    }

    void Change(WriteOperation operation, int transaction, int newBefore)
    {
        switch (operation)
        {
            case UpdateObject update:
                Touch(update.Type, transaction, update.ExpectedVersion).Append(",body=");
                batch.Bytes(update.Body).Sql.Append($" WHERE local_id={update.Local} AND state=0;");
                break;
            case DeleteObject delete:
                Touch(delete.Type, transaction, delete.ExpectedVersion)
                    .Append(delete.Erase ? ",body='{}',state=2" : ",state=1")
                    .Append($" WHERE local_id={delete.Local} AND state{(delete.Erase ? "<2" : "=0")};");
                break;
            case PutEntry put when !put.To.IsNew:
                Entries([put], newBefore, areNew: false);
                break;
            case RemoveEntry remove:
                Remove(remove);
                break;
            case ReserveName reserve:
                batch.Sql.Append($"INSERT INTO {_database}.names(kind,name,owner_id,owner_shard,owner_tx,at)")
                    .Append($"VALUES({reserve.Kind},");
                batch.Bytes(reserve.Name).Sql.Append($",0,{reserve.OwnerShard.Value},");
                batch.Bytes(reserve.OwnerTransaction.ToBytes())
                    .Sql.Append($",{reserve.At.ToUnixTimeMilliseconds()});");
                break;
            case ConfirmName confirm:
                batch.Sql.Append($"UPDATE {_database}.names SET owner_id={Id(confirm.Owner, newBefore)} ")
                    .Append($"WHERE kind={confirm.Kind} AND name=");
                batch.Bytes(confirm.Name).Sql.Append(" AND owner_tx=");
                batch.Bytes(confirm.OwnerTransaction.ToBytes()).Sql.Append(';');
                break;
            case ReleaseName release:
                Release(release);
                break;
        }
    }

    /// <summary>An update that counts the row it meets, and refuses (NULL) when the version is another one.</summary>
    System.Text.StringBuilder Touch(ObjectType type, int transaction, long? expectedVersion)
    {
        batch.Sql.Append($"UPDATE {_database}.{type.Name} SET version=");
        if (expectedVersion is { } version)
            batch.Sql.Append($"IF(version={version},version+1,NULL)");
        else
            batch.Sql.Append("version+1");
        return batch.Sql.Append($",seq=(@u{n}:=@u{n}+1)*0+{Seq(transaction)}");
    }

    /// <summary>
    /// Entries that lead to new objects: one insert and one count per list. Of two for the same pair the later one
    /// stands.
    /// </summary>
    void NewEntries(PendingTransaction transaction, int newBefore)
    {
        var lists = transaction.Operations.OfType<PutEntry>().Where(p => p.To.IsNew)
            .GroupBy(p => (p.Mapping, p.From));
        foreach (var list in lists)
            Entries([.. list.Reverse().DistinctBy(p => p.To)], newBefore, areNew: !isAlone);
    }

    /// <summary>
    /// Entries of one list, and how many of them are new there. They are counted by a variable: as a sum MySQL would
    /// reckon it in floating point.
    /// </summary>
    void Entries(IReadOnlyList<PutEntry> entries, int newBefore, bool areNew)
    {
        var mapping = entries[0].Mapping;
        var from = Id(entries[0].From, newBefore);
        batch.Sql.Append($"INSERT INTO {_database}.{mapping.Name}(from_id,sequence,to_id,body)VALUES");
        for (var i = 0; i < entries.Count; i++)
        {
            batch.Sql.Append(i == 0 ? "(" : ",(").Append(i == 0 && !areNew ? $"IF((@d{n}:=0)=0,{from},NULL)" : from)
                .Append($",{entries[i].Sequence},{Id(entries[i].To, newBefore)},");
            batch.Bytes(entries[i].Body).Sql.Append(')');
        }
        if (!areNew)
            batch.Sql.Append("ON DUPLICATE KEY UPDATE ").Append(
                $"sequence=IF((@d{n}:=@d{n}+1)>0,VALUES(sequence),NULL),body=VALUES(body)");
        var added = areNew ? $"{entries.Count}" : $"{entries.Count}-@d{n}";
        batch.Sql.Append(
            $";INSERT INTO {_database}.mapping_counts(from_id,mapping,n)VALUES({from},{mapping.Number},{added})" +
            "ON DUPLICATE KEY UPDATE n=n+VALUES(n);");
    }

    void Remove(RemoveEntry remove)
    {
        var pair = $"from_id={remove.From} AND to_id={remove.To}";
        batch.Sql.Append(
            $"UPDATE {_database}.mapping_counts SET n=n-(" +
            $"SELECT COUNT(*)FROM {_database}.{remove.Mapping.Name} WHERE {pair}) " +
            $"WHERE from_id={remove.From} AND mapping={remove.Mapping.Number};" +
            $"DELETE FROM {_database}.{remove.Mapping.Name} WHERE {pair};");
    }

    void Release(ReleaseName release)
    {
        batch.Sql.Append($"DELETE FROM {_database}.names WHERE kind={release.Kind} AND name=");
        batch.Bytes(release.Name).Sql.Append(" AND(FALSE");
        if (!release.Owner.IsNone)
            batch.Sql.Append($" OR owner_id={release.Owner}");
        if (release.OwnerTransaction is { } transaction)
        {
            batch.Sql.Append(" OR owner_tx=");
            batch.Bytes(transaction.ToBytes());
        }
        batch.Sql.Append(");");
    }

    void JournalRows()
    {
        batch.Sql.Append($"INSERT INTO {_database}.journal(seq,tx,at,local_base,entries)VALUES");
        var newBefore = 0;
        for (var i = 0; i < commit.Transactions.Count; i++)
        {
            var transaction = commit.Transactions[i];
            batch.Sql.Append(i == 0 ? "(" : ",(");
            if (_objectsToMeet == 0)
                batch.Sql.Append($"{Seq(i)},");
            else
                batch.Sql.Append($"IF(@u{n}={_objectsToMeet},{Seq(i)},NULL),");
            batch.Bytes(transaction.Id.ToBytes()).Sql
                .Append($",{transaction.At.ToUnixTimeMilliseconds()},{Local(newBefore)},");
            batch.Bytes(transaction.Entries).Sql.Append(')');
            newBefore += transaction.NewObjects;
        }
        batch.Sql.Append(';');
    }

    string Seq(int transaction) => Back("@s", commit.Transactions.Count - 1 - transaction);

    string Local(int newBefore) => Back("@l", _newObjects - newBefore);

    string Back(string variable, int from) => from == 0 ? $"{variable}{n}" : $"{variable}{n}-{from}";

    string Id(IdOrNew id, int newBefore) =>
        id.IsNew ? $"{id.Offset + newBefore - _newObjects}+@l{n}" : id.Id.ToString();
}
