using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The tables: four in each shard's database whatever the model, and one row for each shard in the server-wide one.
/// </summary>
/// <remarks>
/// What a server pays for is how many tables it has and how many a write touches. So all types share a table, all
/// mappings another, a list's count is a row beside its entries, and the fences of all shards are in one table.
/// </remarks>
static class MySqlSchema
{
    /// <summary>The layout of the tables; a shard of a newer one is refused.</summary>
    public const int Format = ShardFormat.Newest;

    // Persistent statistics of a small table are made anew after each few rows, by a transaction of the server's own:
    // over thousands of shards that costs more than the writes. Reads name their index, and need none.
    const string OfAShard = "ENGINE=InnoDB STATS_PERSISTENT=0";

    /// <summary>What a server needs before its first shard.</summary>
    public static string ServerTables(DatabaseNames databases) => $"""
        CREATE DATABASE IF NOT EXISTS {databases.Server} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS {databases.Server}.shards (
          id SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
          epoch BIGINT NOT NULL,
          state TINYINT NOT NULL COMMENT '0 closed, 1 open',
          last_seq BIGINT NOT NULL,
          last_local_id BIGINT NOT NULL,
          format INT NOT NULL) ENGINE=InnoDB;
        """;

    /// <summary>
    /// Makes what is missing of a shard; its row is last, so that one with a row is whole. Ends with a row if there is
    /// one then: what has a journal is no new shard, and gets none.
    /// </summary>
    public static string CreateShard(DatabaseNames databases, ShardId shard, long epoch) => $"""
        {ShardTables(databases, shard)}
        INSERT IGNORE INTO {databases.Server}.shards SELECT {shard.Value}, {epoch}, 1, 0, 0, {Format} FROM DUAL
          WHERE NOT EXISTS (SELECT * FROM {databases.Of(shard)}.journal);
        SELECT id FROM {databases.Server}.shards WHERE id={shard.Value};
        """;

    /// <summary>A shard's database and what is missing of its tables.</summary>
    /// <remarks>
    /// Clustered in reading order, so that a list's page is one range scan that needs no second look-up. A list's count
    /// is the row of sequence 0 that leads to 0, which is nobody's id.
    /// </remarks>
    public static string ShardTables(DatabaseNames databases, ShardId shard)
    {
        var d = databases.Of(shard);
        return $"""
            CREATE DATABASE IF NOT EXISTS {d} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
            CREATE TABLE IF NOT EXISTS {d}.objects (
              type SMALLINT UNSIGNED NOT NULL,
              local_id BIGINT NOT NULL,
              version BIGINT NOT NULL DEFAULT 1,
              seq BIGINT NOT NULL COMMENT 'the journal number that wrote it',
              state TINYINT NOT NULL DEFAULT 0 COMMENT '0 live, 1 deleted, 2 erased',
              body MEDIUMBLOB NOT NULL,
              PRIMARY KEY (type, local_id)) {OfAShard};
            CREATE TABLE IF NOT EXISTS {d}.entries (
              mapping SMALLINT UNSIGNED NOT NULL,
              from_id BIGINT NOT NULL,
              sequence BIGINT NOT NULL,
              to_id BIGINT NOT NULL COMMENT '0: this row counts the list''s',
              n BIGINT COMMENT 'how many the list has; NULL but in the row that counts',
              body VARBINARY({Mapping.EntryBodyBytesMax}) NOT NULL,
              PRIMARY KEY (mapping, from_id, sequence, to_id),
              UNIQUE KEY pair (mapping, from_id, to_id)) {OfAShard};
            CREATE TABLE IF NOT EXISTS {d}.journal (
              seq BIGINT NOT NULL PRIMARY KEY,
              tx BINARY(16) NOT NULL,
              at BIGINT NOT NULL COMMENT 'ms since 1970 by the writer''s clock',
              local_base BIGINT NOT NULL,
              entries MEDIUMBLOB NOT NULL,
              UNIQUE KEY journal_tx (tx)) {OfAShard};
            CREATE TABLE IF NOT EXISTS {d}.names (
              kind TINYINT UNSIGNED NOT NULL,
              name VARBINARY(255) NOT NULL,
              owner_id BIGINT NOT NULL COMMENT '0 while only reserved',
              owner_shard SMALLINT UNSIGNED NOT NULL,
              owner_tx BINARY(16) NOT NULL,
              at BIGINT NOT NULL COMMENT 'ms since 1970',
              PRIMARY KEY (kind, name),
              KEY names_reserved (owner_id, at)) {OfAShard};
            """;
    }

    /// <summary>Refuses a shard whose row names another format.</summary>
    public static void RefuseOthers(ShardId shard, int format)
    {
        if (format != Format)
            throw new PinfoldException(ErrorKind.Corrupt,
                $"Shard {shard} has table format {format}; this program knows {Format} alone. "
                + (format > Format ? "Use a newer program." : "Use an older program."))
            { Shard = shard };
    }
}
