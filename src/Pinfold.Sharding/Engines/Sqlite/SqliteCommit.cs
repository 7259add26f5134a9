namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// Runs a commit in the transaction that is open: the fence, which hands out journal numbers and local ids, then the
/// journal's rows, then the operations.
/// </summary>
/// <remarks>
/// The journal goes first, so that a second attempt is seen as such and not taken for a conflict with the first.
/// </remarks>
sealed class SqliteCommit(SqliteFile file, ShardCommit commit)
{
    public CommitReceipt[] Run(CancellationToken cancellation)
    {
        var (seq, local) = SqliteFence.Pass(file, commit);
        var receipts = new CommitReceipt[commit.Transactions.Count];
        for (var i = 0; i < receipts.Length; i++)
        {
            receipts[i] = new CommitReceipt(++seq, local);
            Journal(commit.Transactions[i], receipts[i]);
            local += commit.Transactions[i].NewObjects;
        }
        for (var i = 0; i < receipts.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var operation in commit.Transactions[i].Operations)
                Require(operation);
            foreach (var operation in commit.Transactions[i].Operations)
                Apply(operation, receipts[i]);
        }
        return receipts;
    }

    void Journal(PendingTransaction transaction, CommitReceipt receipt)
    {
        var rows = file.Statement(SqliteSql.InsertJournal)
            .With(receipt.Seq).With(transaction.Id.ToBytes()).With(transaction.At.ToUnixTimeMilliseconds())
            .With(receipt.LocalBase).With(transaction.Entries).Run();
        if (rows == 0)
            throw Failed(CommitFailure.AlreadyCommitted, $"transaction {transaction.Id} is in its journal already");
    }

    void Require(WriteOperation operation)
    {
        switch (operation)
        {
            case RequireObject { Type: var type, Local: var local, ExpectedVersion: var expected }:
                if (Number(file.Statement(SqliteSql.FindVersion).With(type.Number).With(local)) is not { } version
                    || (expected ?? version) != version)
                    MustMeet(0, type, local);
                break;
            case RequireAtMost { Mapping: var mapping, From: var from, EntriesMax: var most }:
                if (Number(file.Statement(SqliteSql.FindCount).With(mapping.Number).With(from.Value)) > most)
                    throw Failed(CommitFailure.Precondition, $"the list {mapping.Name} of {from} is too long");
                break;
            case RequireEntry { Mapping: var mapping, From: var from, To: var to, IsThere: var isThere } required:
                var pair = file.Statement(SqliteSql.FindEntry).With(mapping.Number).With(from.Value).With(to.Value);
                var sequence = Number(pair, 1);
                if (sequence is null == isThere || (isThere && (required.Sequence ?? sequence) != sequence))
                    throw Failed(CommitFailure.Precondition, $"{to} in the list {mapping.Name} of {from} is not so");
                break;
        }

        static long? Number(SqliteStatement row, int column = 0)
        {
            long? number = row.Next() ? row.Int64(column) : null;
            row.Reset();
            return number;
        }
    }

    void Apply(WriteOperation operation, CommitReceipt receipt)
    {
        switch (operation)
        {
            case RequireObject or RequireAtMost or RequireEntry:
                break; // done before
            case CreateObject create:
                file.Statement(SqliteSql.InsertObject).With(create.Type.Number)
                    .With(receipt.LocalBase + create.Ordinal).With(receipt.Seq).With(create.Body).Run();
                break;
            case UpdateObject update:
                var updated = Touch(SqliteSql.UpdateObject, update.Type, update.Local, update.ExpectedVersion, receipt)
                    .With(update.Body).Run();
                MustMeet(updated, update.Type, update.Local);
                break;
            case DeleteObject delete:
                var sql = delete.Erase ? SqliteSql.EraseObject : SqliteSql.DeleteObject;
                var deleted = Touch(sql, delete.Type, delete.Local, delete.ExpectedVersion, receipt).Run();
                MustMeet(deleted, delete.Type, delete.Local);
                break;
            case PutEntry put:
                Put(put, receipt.LocalBase);
                break;
            case RemoveEntry remove:
                Remove(remove);
                break;
            case ReverseEntry reverse:
                SqliteReverse.Write(file, reverse);
                break;
            case RecountList recount:
                SqliteInspection.Recount(file, recount);
                break;
            case ReserveName reserve:
                Reserve(reserve);
                break;
            case ConfirmName confirm:
                file.Statement(SqliteSql.ConfirmName).With(confirm.Owner.Resolve(receipt.LocalBase).Value)
                    .With(confirm.Kind).With(confirm.Name).With(confirm.OwnerTransaction.ToBytes()).Run();
                break;
            case ReleaseName release:
                file.Statement(SqliteSql.ReleaseName).With(release.Kind).With(release.Name).With(release.Owner.Value)
                    .With(release.OwnerTransaction is { } id ? id.ToBytes() : []).Run();
                break;
            default:
                throw new NotSupportedException($"{operation.GetType().Name} is a write that SQLite does not know.");
        }
    }

    /// <summary>
    /// The statement that asks for the version, where one is expected, stands right after the one that does not.
    /// </summary>
    SqliteStatement Touch(SqliteSql sql, ObjectType type, long local, long? expectedVersion, CommitReceipt receipt) =>
        expectedVersion is { } version
            ? file.Statement(sql + 1).With(receipt.Seq).With(type.Number).With(local).With(version)
            : file.Statement(sql).With(receipt.Seq).With(type.Number).With(local);

    void MustMeet(int rows, ObjectType type, long local)
    {
        if (rows == 0)
            throw Failed(CommitFailure.Precondition,
                $"object {local} of {type.Name} is missing or has another version");
    }

    void Put(PutEntry put, long localBase)
    {
        var (from, to) = (put.From.Resolve(localBase).Value, put.To.Resolve(localBase).Value);
        SqliteStatement With(SqliteSql sql) => file.Statement(sql)
            .With(put.Mapping.Number).With(from).With(to).With(put.Sequence).With(put.Body);
        if (With(SqliteSql.InsertEntry).Run() == 1)
            file.Statement(SqliteSql.AddToCount).With(put.Mapping.Number).With(from).Run();
        else
            With(SqliteSql.ChangeEntry).Run();
    }

    void Remove(RemoveEntry remove)
    {
        var (mapping, from) = (remove.Mapping.Number, remove.From.Value);
        if (file.Statement(SqliteSql.DeleteEntry).With(mapping).With(from).With(remove.To.Value).Run() == 1)
            file.Statement(SqliteSql.TakeFromCount).With(mapping).With(from).Run();
    }

    void Reserve(ReserveName reserve)
    {
        var rows = file.Statement(SqliteSql.ReserveName)
            .With(reserve.Kind).With(reserve.Name).With(reserve.OwnerShard.Value)
            .With(reserve.OwnerTransaction.ToBytes()).With(reserve.At.ToUnixTimeMilliseconds()).Run();
        if (rows == 0)
            throw Failed(CommitFailure.NameTaken, "the name is taken");
    }

    CommitFailedException Failed(CommitFailure failure, string why) => Refused(commit.Shard, failure, why);

    public static CommitFailedException Refused(ShardId shard, CommitFailure failure, string why) =>
        new(failure, $"Shard {shard} refused the write: {why}. Nothing was changed.");
}
