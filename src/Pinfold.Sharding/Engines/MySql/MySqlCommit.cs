using System.Globalization;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// Writes a commit as one round trip: per shard the fence, then new objects, changes and entries, and last its journal
/// rows. A write so touches four tables: the server's fences, and the shard's objects, entries and journal.
/// </summary>
/// <remarks>
/// The fence puts the new journal number and local id into user variables, which the commit first clears: a missing
/// shard row leaves them NULL, and NULL is refused by the journal's first column. The statements run within the
/// server, as a whole, for an answer after each of them costs both sides more than the statement; and where an answer
/// cannot be sent, since the client is gone, the next statement sees a ROW_COUNT() of -1.
/// </remarks>
static class MySqlCommit
{
    /// <param name="commits">Each shard once, in ascending order.</param>
    /// <param name="isMariaDb">MariaDB takes a compound statement; MySQL needs a procedure.</param>
    /// <param name="databases">What the server's databases are called.</param>
    public static MySqlBatch Build(IReadOnlyList<ShardCommit> commits, bool isMariaDb, DatabaseNames databases) =>
        isMariaDb ? Compound(commits, databases) : Call(commits, databases);

    static MySqlBatch Compound(IReadOnlyList<ShardCommit> commits, DatabaseNames databases)
    {
        var batch = new MySqlBatch(Capacity(commits));
        var parts = Parts(batch, commits, databases);
        // Not SET: within a compound statement each of its assignments is a statement of its own.
        batch.Sql.Append("BEGIN NOT ATOMIC DO ");
        ClearVariables(batch, parts, ":=");
        batch.Sql.Append(";START TRANSACTION;");
        Statements(batch, parts);
        SelectReceipts(batch, commits);
        batch.Sql.Append(";END");
        return batch;
    }

    /// <summary>The bytes go into user variables, so that the text is plain ASCII and free of semicolons.</summary>
    static MySqlBatch Call(IReadOnlyList<ShardCommit> commits, DatabaseNames databases)
    {
        var statements = new MySqlBatch(Capacity(commits), bytesAreVariables: true);
        var parts = Parts(statements, commits, databases);
        Statements(statements, parts);
        var batch = new MySqlBatch(256);
        batch.Sql.Append("SET ");
        ClearVariables(batch, parts, "=");
        for (var i = 0; i < statements.Parameters.Count; i++)
            batch.Sql.Append($",{MySqlBatch.Variable(i)}=?");
        batch.Parameters.AddRange(statements.Parameters);
        batch.Sql.Append($";CALL {MySqlProcedure.NameIn(databases)}(");
        batch.Text(statements.Sql.ToString()).Sql.Append(");");
        SelectReceipts(batch, commits);
        return batch;
    }

    static int Capacity(IReadOnlyList<ShardCommit> commits) =>
        256 + 1024 * commits.Sum(static c => c.Transactions.Count);

    static MySqlShardPart[] Parts(
        MySqlBatch batch, IReadOnlyList<ShardCommit> commits, DatabaseNames databases)
    {
        var parts = new MySqlShardPart[commits.Count];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = new MySqlShardPart(batch, i, commits[i], databases);
        return parts;
    }

    static void ClearVariables(MySqlBatch batch, MySqlShardPart[] parts, string assign)
    {
        for (var i = 0; i < parts.Length; i++)
            parts[i].ClearVariables(batch.Sql.Append(i == 0 ? "" : ","), assign);
    }

    static void Statements(MySqlBatch batch, MySqlShardPart[] parts)
    {
        foreach (var part in parts)
            part.Append();
        batch.Sql.Append("COMMIT;");
    }

    /// <summary>One column for all numbers: a server describes each column, and the driver reads that.</summary>
    static void SelectReceipts(MySqlBatch batch, IReadOnlyList<ShardCommit> commits)
    {
        batch.Sql.Append("SELECT CONCAT_WS(' '");
        for (var i = 0; i < commits.Count; i++)
            batch.Sql.Append($",@s{i},@l{i}");
        batch.Sql.Append(')');
    }

    /// <summary>What the transactions got, in order, from what <see cref="Build"/> selects last.</summary>
    public static CommitReceipt[] Receipts(string numbers, IReadOnlyList<ShardCommit> commits)
    {
        var receipts = new CommitReceipt[commits.Sum(static c => c.Transactions.Count)];
        var left = numbers.AsSpan();
        var next = 0;
        foreach (var commit in commits)
        {
            var seq = Number(ref left) - commit.Transactions.Count;
            var local = Number(ref left) - commit.Transactions.Sum(static t => t.NewObjects);
            foreach (var transaction in commit.Transactions)
            {
                receipts[next++] = new CommitReceipt(++seq, local);
                local += transaction.NewObjects;
            }
        }
        return left.IsEmpty ? receipts : throw new FormatException($"Too many numbers for a commit: '{numbers}'.");
    }

    static long Number(ref ReadOnlySpan<char> left)
    {
        var blank = left.IndexOf(' ');
        var number = long.Parse(blank < 0 ? left : left[..blank], CultureInfo.InvariantCulture);
        left = blank < 0 ? [] : left[(blank + 1)..];
        return number;
    }
}
