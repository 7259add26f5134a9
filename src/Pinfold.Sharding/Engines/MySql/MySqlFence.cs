using System.Text;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The fence: the statement of a commit that comes before all others of its shard. It holds the lock of the shard's own
/// row until the commit, checks epoch and state, and hands out journal numbers and local ids; where they do not fit, it
/// sets NULL where none may be, and nothing after it runs.
/// </summary>
static class MySqlFence
{
    /// <param name="sql">What it is added to.</param>
    /// <param name="databases">What the server's databases are called.</param>
    /// <param name="commit">What is to be written.</param>
    /// <param name="n">Numbers its user variables: @sN becomes its last journal number, @lN its last local id.</param>
    /// <param name="newObjects">How many local ids it needs.</param>
    public static void Append(StringBuilder sql, DatabaseNames databases, ShardCommit commit, int n, int newObjects) =>
        sql.Append($"UPDATE {databases.Server}.shards SET last_seq=@s{n}:=IF(epoch={commit.Epoch} AND state=1 AND ")
            .Append($"last_local_id<={ObjectId.LocalMax - newObjects},last_seq+{commit.Transactions.Count},NULL),")
            .Append($"last_local_id=@l{n}:=last_local_id+{newObjects} WHERE id={commit.Shard.Value};");
}
