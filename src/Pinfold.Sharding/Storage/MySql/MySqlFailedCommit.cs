using MySqlConnector;

namespace Pinfold.Sharding.Storage.MySql;

/// <summary>Clears up after a commit that failed, and finds out why it did where the error does not tell.</summary>
/// <remarks>
/// A key that is there already, or a check that failed, may be the work of an earlier attempt whose answer was lost;
/// and where a shard's row is missing, the first thing to fail is a later statement. So the round trip that rolls back
/// also asks for both. Error messages cannot tell: they quote the value, which a user may have chosen.
/// </remarks>
static class MySqlFailedCommit
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Leaves the session without an open transaction, or distrusted.</summary>
    public static async ValueTask<CommitFailure> RollBackAsync(
        MySqlSessions sessions, MySqlConnection connection, IReadOnlyList<ShardCommit> commits, Exception cause)
    {
        var failure = cause is MySqlException error ? MySqlErrors.OfCommit(commits, error) : CommitFailure.Unknown;
        if (connection.State != System.Data.ConnectionState.Open)
            return failure;
        var asks = failure != CommitFailure.Fenced
            && cause is MySqlException
            {
                ErrorCode: MySqlErrorCode.ColumnCannotBeNull or MySqlErrorCode.DuplicateKeyEntry,
            };
        try
        {
            var batch = new MySqlBatch();
            batch.Sql.Append("ROLLBACK");
            if (asks)
                AppendQuestions(batch, commits);
            await using var command = batch.ToCommand(connection, Timeout);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                if (reader.GetInt64(0) == 0)
                    return CommitFailure.Fenced;
                if (reader.GetInt64(1) != 0)
                    failure = CommitFailure.AlreadyCommitted;
            }
            return failure;
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e) || e is InvalidOperationException)
        {
            sessions.Distrust(connection);
            return asks ? CommitFailure.Unknown : failure;
        }
    }

    /// <summary>
    /// A row per shard: whether it has its own row, and how many of the transactions are in its journal.
    /// </summary>
    static void AppendQuestions(MySqlBatch batch, IReadOnlyList<ShardCommit> commits)
    {
        var separator = ";";
        foreach (var commit in commits)
        {
            var d = commit.Shard.DatabaseName;
            batch.Sql.Append(separator).Append(
                $"SELECT(SELECT COUNT(*) FROM {d}.shard WHERE id={commit.Shard.Value})," +
                $"(SELECT COUNT(*) FROM {d}.journal WHERE tx IN(");
            for (var i = 0; i < commit.Transactions.Count; i++)
            {
                batch.Sql.Append(i == 0 ? "" : ",");
                batch.Bytes(commit.Transactions[i].Id.ToBytes());
            }
            batch.Sql.Append("))");
            separator = " UNION ALL ";
        }
    }
}
