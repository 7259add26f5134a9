using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>Clears up after a commit that failed, and finds out why it did where the error does not tell.</summary>
/// <remarks>
/// A key that is there already, or a check that failed, may be the work of an earlier attempt whose answer was lost;
/// and where a shard's row is missing, for it has moved, the first thing to fail is a later statement, maybe for want
/// of its table. So the round trip that rolls back also asks for both. Error messages cannot tell: they quote the
/// value, which a user may have chosen.
/// </remarks>
static class MySqlFailedCommit
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Leaves the session without an open transaction, or distrusted. Says what failed, and in which shard's part as
    /// far as that can be told: the last one whose fence was passed.
    /// </summary>
    public static async ValueTask<(CommitFailure Failure, int? At)> RollBackAsync(
        MySqlSessions sessions, MySqlConnection connection, DatabaseNames databases,
        IReadOnlyList<ShardCommit> commits, Exception cause)
    {
        var failure = cause switch
        {
            MySqlException error => MySqlErrors.OfCommit(commits, error),
            PinfoldException => CommitFailure.Refused, // the procedure may not be made: nothing was begun
            _ => CommitFailure.Unknown,
        };
        if (connection.State != System.Data.ConnectionState.Open)
            return (failure, null);
        var asks = failure != CommitFailure.Fenced
            && cause is MySqlException
            {
                ErrorCode: MySqlErrorCode.ColumnCannotBeNull or MySqlErrorCode.DuplicateKeyEntry
                    or MySqlErrorCode.NoSuchTable,
            };
        var asksJournal = cause is MySqlException { ErrorCode: not MySqlErrorCode.NoSuchTable };
        try
        {
            var batch = new MySqlBatch();
            batch.Sql.Append("ROLLBACK");
            if (asks)
                AppendQuestions(batch, databases, commits, asksJournal);
            await using var command = batch.ToCommand(connection, Timeout);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var at = default(int?);
            for (var i = 0; await reader.ReadAsync(CancellationToken.None); i++)
            {
                if (reader.GetInt64(0) == 0)
                    return (CommitFailure.Fenced, i);
                if (reader.GetInt64(1) != 0)
                    failure = CommitFailure.AlreadyCommitted;
                if (reader.GetInt64(2) != 0)
                    at = i;
            }
            return (failure, at);
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e) || e is InvalidOperationException)
        {
            sessions.Distrust(connection);
            return (asks ? CommitFailure.Unknown : failure, null);
        }
    }

    /// <summary>
    /// A row per shard: whether it has its own row, how many of the transactions are in its journal, whether its fence
    /// was passed.
    /// </summary>
    static void AppendQuestions(
        MySqlBatch batch, DatabaseNames databases, IReadOnlyList<ShardCommit> commits, bool asksJournal)
    {
        for (var shard = 0; shard < commits.Count; shard++)
        {
            var commit = commits[shard];
            batch.Sql.Append(shard == 0 ? ";" : " UNION ALL ")
                .Append($"SELECT(SELECT COUNT(*)FROM {databases.Server}.shards WHERE id={commit.Shard.Value}),");
            if (asksJournal)
                AppendTimesInJournal(batch, databases, commit);
            else
                batch.Sql.Append('0');
            batch.Sql.Append($",@s{shard} IS NOT NULL");
        }
    }

    static void AppendTimesInJournal(MySqlBatch batch, DatabaseNames databases, ShardCommit commit)
    {
        batch.Sql.Append($"(SELECT COUNT(*)FROM {databases.Of(commit.Shard)}.journal WHERE tx IN(");
        for (var i = 0; i < commit.Transactions.Count; i++)
        {
            batch.Sql.Append(i == 0 ? "" : ",");
            batch.Bytes(commit.Transactions[i].Id.ToBytes());
        }
        batch.Sql.Append("))");
    }
}
