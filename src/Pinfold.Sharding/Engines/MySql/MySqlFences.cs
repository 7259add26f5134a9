using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The rows of shards by which commits are fenced, as a table <c>f</c> that a question can be asked of.
/// </summary>
static class MySqlFences
{
    /// <summary>The most shards of one question: servers recurse into a UNION, and their stack ends.</summary>
    const int UnionMax = 512;

    /// <summary>
    /// Asks in one round trip. One shard that is not here fails the whole, which is then asked shard by shard, and that
    /// one is left out.
    /// </summary>
    /// <param name="server">Whose shards.</param>
    /// <param name="shards">Which of them.</param>
    /// <param name="ask">Given the tables that have the rows of all these shards, each under the name f.</param>
    public static async ValueTask<List<T>> AskAsync<T>(
        MySqlShardServer server, IReadOnlyList<ShardId> shards, Func<IReadOnlyList<string>, Task<List<T>>> ask)
    {
        if (shards.Count == 0)
            return [];
        try
        {
            return await ask([.. shards.Chunk(UnionMax).Select(part => Table(server.Databases, part))]);
        }
        catch (PinfoldException e) when (IsMissing(e))
        {
            var rows = new List<T>(shards.Count);
            foreach (var shard in shards)
                try
                {
                    rows.AddRange(await ask([Table(server.Databases, [shard])]));
                }
                catch (PinfoldException missing) when (IsMissing(missing))
                {
                    // It went to another server; the topology will say so.
                }
            return rows;
        }
    }

    static string Table(DatabaseNames databases, ShardId[] shards) =>
        "(" + string.Join(" UNION ALL ", shards.Select(
            shard => $"SELECT id,state,last_seq FROM {databases.Of(shard)}.shard WHERE id={shard}")) + ") f";

    static bool IsMissing(PinfoldException e) => e.InnerException is MySqlException
    {
        ErrorCode: MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase,
    };
}
