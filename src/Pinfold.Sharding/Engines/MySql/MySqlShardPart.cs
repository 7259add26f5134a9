using System.Text;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>The statements of a commit that are for one shard.</summary>
/// <remarks>
/// <c>@sN</c> and <c>@lN</c> are the last journal number and local id that the fence has handed out. <c>@uN</c> counts
/// the objects that updates and deletes met and the conditions that hold; the journal rows are refused unless it is as
/// many as were asked for. The text is as short as it can be, for reading it costs a server as much as doing it.
/// </remarks>
sealed class MySqlShardPart
{
    readonly MySqlBatch _batch;
    readonly ShardCommit _commit;
    readonly DatabaseNames _databases;
    readonly int _n;
    readonly string _database;
    readonly int _newObjects;
    readonly int _toMeet;
    readonly bool _putsEntries;
    readonly MySqlNumbers _numbers;
    readonly MySqlListChanges _lists;

    /// <param name="batch">What the statements are added to.</param>
    /// <param name="n">Numbers its user variables.</param>
    /// <param name="commit">What is to be written.</param>
    /// <param name="databases">What the server's databases are called.</param>
    public MySqlShardPart(MySqlBatch batch, int n, ShardCommit commit, DatabaseNames databases)
    {
        (_batch, _n, _commit, _databases) = (batch, n, commit, databases);
        _database = databases.Of(commit.Shard);
        foreach (var transaction in commit.Transactions)
        {
            _newObjects += transaction.NewObjects;
            foreach (var operation in transaction.Operations)
            {
                _toMeet += operation is UpdateObject or DeleteObject or RequireObject or RequireAtMost or RequireEntry
                    ? 1 : 0;
                _putsEntries |= operation is PutEntry or ReverseEntry;
            }
        }
        _numbers = new MySqlNumbers(n, commit.Transactions.Count, _newObjects);
        _lists = new MySqlListChanges(batch, _database, _numbers, n);
    }

    /// <summary>What an earlier commit of this session may have left in the variables that are used here.</summary>
    public void ClearVariables(StringBuilder sql, string assign)
    {
        sql.Append($"@s{_n}{assign}NULL,@l{_n}{assign}NULL");
        if (_toMeet > 0)
            sql.Append($",@u{_n}{assign}0");
        if (_putsEntries)
            sql.Append($",@d{_n}{assign}0");
    }

    public void Append()
    {
        MySqlFence.Append(_batch.Sql, _databases, _commit, _n, _newObjects);
        Creates();
        var newBefore = 0;
        for (var i = 0; i < _commit.Transactions.Count; i++)
        {
            foreach (var operation in _commit.Transactions[i].Operations)
                Require(operation, newBefore);
            foreach (var operation in _commit.Transactions[i].Operations)
                Change(operation, i, newBefore);
            newBefore += _commit.Transactions[i].NewObjects;
        }
        _lists.Flush();
        JournalRows();
    }

    /// <summary>New objects of all transactions in one statement: nothing can depend on their order.</summary>
    void Creates()
    {
        if (_newObjects == 0)
            return;
        _batch.Sql.Append($"INSERT INTO {_database}.objects(type,local_id,seq,body)VALUES");
        var newBefore = 0;
        var comma = "";
        for (var i = 0; i < _commit.Transactions.Count; i++)
        {
            foreach (var operation in _commit.Transactions[i].Operations)
                if (operation is CreateObject create)
                {
                    _batch.Sql.Append($"{comma}({create.Type.Number},{_numbers.Local(newBefore + create.Ordinal)},")
                        .Append($"{_numbers.Seq(i)},");
                    _batch.Bytes(create.Body).Sql.Append(')');
                    comma = ",";
                }
            newBefore += _commit.Transactions[i].NewObjects;
        }
        _batch.Sql.Append(';');
    }

    /// <summary>
    /// Locking reads see what is there now, which no other writer of the shard can change behind its fence. What reads
    /// without a lock might be of a moment before a later shard's fence.
    /// </summary>
    void Require(WriteOperation operation, int newBefore)
    {
        switch (operation)
        {
            case RequireObject { Type: var type, Local: var local } required:
                _batch.Sql.Append($"DO @u{_n}:=@u{_n}+(SELECT COUNT(*)FROM {_database}.objects ")
                    .Append($"WHERE type={type.Number} AND local_id={local} AND state=0")
                    .Append(required.ExpectedVersion is { } version ? $" AND version={version}" : "")
                    // All new objects are there already, those of this transaction and of later ones too.
                    .Append(newBefore < _newObjects ? $" AND local_id<={_numbers.Local(newBefore)}" : "")
                    .Append(" LOCK IN SHARE MODE);");
                break;
            case RequireAtMost { Mapping: var mapping, From: var from, EntriesMax: var most }:
                Entries(mapping, from, isAny: false, $"sequence=0 AND to_id=0 AND n>{most}");
                break;
            case RequireEntry { Mapping: var mapping, From: var from, To: var to, IsThere: var isThere } pair:
                Entries(mapping, from, isThere, $"to_id={to} AND n IS NULL"
                    + (pair.Sequence is { } sequence ? $" AND sequence={sequence}" : ""));
                break;
        }
    }

    /// <summary>Counts one if there are such rows of a list, or if there are none.</summary>
    void Entries(Mapping mapping, ObjectId from, bool isAny, string which)
    {
        _lists.Flush();
        _batch.Sql.Append($"DO @u{_n}:=@u{_n}+(SELECT COUNT(*){(isAny ? '>' : '=')}0 FROM {_database}.entries ")
            .Append($"WHERE mapping={mapping.Number} AND from_id={from} AND {which} LOCK IN SHARE MODE);");
    }

    void Change(WriteOperation operation, int transaction, int newBefore)
    {
        switch (operation)
        {
            case CreateObject or RequireObject or RequireAtMost or RequireEntry:
                break; // done before
            case UpdateObject update:
                Touch(transaction, update.ExpectedVersion).Append(",body=");
                _batch.Bytes(update.Body).Sql
                    .Append($" WHERE type={update.Type.Number} AND local_id={update.Local} AND state=0;");
                break;
            case DeleteObject delete:
                Touch(transaction, delete.ExpectedVersion)
                    .Append(delete.Erase ? ",body='{}',state=2" : ",state=1")
                    .Append($" WHERE type={delete.Type.Number} AND local_id={delete.Local} ")
                    .Append(delete.Erase ? "AND state<2;" : "AND state=0;");
                break;
            case PutEntry put:
                _lists.Put(put, newBefore);
                break;
            case RemoveEntry remove:
                _lists.Remove(remove);
                break;
            case ReverseEntry reverse:
                _lists.Put(reverse);
                break;
            case RecountList recount:
                _lists.Flush();
                MySqlRecount.Append(_batch.Sql, _database, recount);
                break;
            case ReserveName reserve:
                _batch.Sql.Append($"INSERT INTO {_database}.names(kind,name,owner_id,owner_shard,owner_tx,at)")
                    .Append($"VALUES({reserve.Kind},");
                _batch.Bytes(reserve.Name).Sql.Append($",0,{reserve.OwnerShard.Value},");
                _batch.Bytes(reserve.OwnerTransaction.ToBytes())
                    .Sql.Append($",{reserve.At.ToUnixTimeMilliseconds()});");
                break;
            case ConfirmName confirm:
                _batch.Sql.Append($"UPDATE {_database}.names SET owner_id={_numbers.Id(confirm.Owner, newBefore)} ")
                    .Append($"WHERE kind={confirm.Kind} AND name=");
                _batch.Bytes(confirm.Name).Sql.Append(" AND owner_tx=");
                _batch.Bytes(confirm.OwnerTransaction.ToBytes()).Sql.Append(';');
                break;
            case ReleaseName release:
                Release(release);
                break;
            default:
                throw new NotSupportedException($"{operation.GetType().Name} is a write that MySQL does not know.");
        }
    }

    /// <summary>An update that counts the row it meets, and refuses (NULL) when the version is another one.</summary>
    StringBuilder Touch(int transaction, long? expectedVersion)
    {
        _batch.Sql.Append($"UPDATE {_database}.objects SET version=");
        if (expectedVersion is { } version)
            _batch.Sql.Append($"IF(version={version},version+1,NULL)");
        else
            _batch.Sql.Append("version+1");
        return _batch.Sql.Append($",seq=(@u{_n}:=@u{_n}+1)*0+{_numbers.Seq(transaction)}");
    }

    void Release(ReleaseName release)
    {
        _batch.Sql.Append($"DELETE FROM {_database}.names WHERE kind={release.Kind} AND name=");
        _batch.Bytes(release.Name).Sql.Append(" AND(FALSE");
        if (!release.Owner.IsNone)
            _batch.Sql.Append($" OR owner_id={release.Owner}");
        if (release.OwnerTransaction is { } transaction)
        {
            _batch.Sql.Append(" OR owner_tx=");
            _batch.Bytes(transaction.ToBytes());
        }
        _batch.Sql.Append(");");
    }

    void JournalRows()
    {
        _batch.Sql.Append($"INSERT INTO {_database}.journal(seq,tx,at,local_base,entries)VALUES");
        var newBefore = 0;
        for (var i = 0; i < _commit.Transactions.Count; i++)
        {
            var transaction = _commit.Transactions[i];
            _batch.Sql.Append(i == 0 ? "(" : ",(");
            if (_toMeet == 0)
                _batch.Sql.Append($"{_numbers.Seq(i)},");
            else
                _batch.Sql.Append($"IF(@u{_n}={_toMeet},{_numbers.Seq(i)},NULL),");
            _batch.Bytes(transaction.Id.ToBytes()).Sql
                .Append($",{transaction.At.ToUnixTimeMilliseconds()},{_numbers.Local(newBefore)},");
            _batch.Bytes(transaction.Entries).Sql.Append(')');
            newBefore += transaction.NewObjects;
        }
        _batch.Sql.Append(';');
    }
}
