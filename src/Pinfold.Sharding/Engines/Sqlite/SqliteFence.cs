using Microsoft.Data.Sqlite;

namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// The fence: what a commit does before all else. It checks epoch and state in the shard's own row, and hands out
/// journal numbers and local ids; the file's write lock is held until the commit.
/// </summary>
static class SqliteFence
{
    /// <summary>The last journal number and the last local id before this commit.</summary>
    /// <exception cref="CommitFailedException">Fenced.</exception>
    public static (long Seq, long Local) Pass(SqliteFile file, ShardCommit commit)
    {
        var newObjects = commit.Transactions.Sum(t => t.NewObjects);
        var row = file.Statement(SqliteSql.Fence)
            .With(commit.Shard.Value).With(commit.Epoch)
            .With(ObjectId.LocalMax).With(commit.Transactions.Count).With(newObjects);
        try
        {
            return row.Next()
                ? (row.Int64(0) - commit.Transactions.Count, row.Int64(1) - newObjects)
                : throw Refused(commit, "its file has no row of its own");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            throw Refused(commit, $"it is closed, or of another epoch than {commit.Epoch}, or has no local ids left");
        }
        finally
        {
            row.Reset();
        }
    }

    static CommitFailedException Refused(ShardCommit commit, string why) =>
        SqliteCommit.Refused(commit.Shard, CommitFailure.Fenced, why);
}
