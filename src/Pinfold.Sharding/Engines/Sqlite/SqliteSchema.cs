namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>The tables of one shard's file: those of MySQL with the types of SQLite.</summary>
static class SqliteSchema
{
    /// <summary>
    /// The layout of the tables that each shard has for itself, kept in <c>PRAGMA user_version</c> too.
    /// </summary>
    public const int Format = 1;

    public static string CreateTables(ShardingModel model) => $"""
        CREATE TABLE IF NOT EXISTS journal (
          seq INTEGER NOT NULL PRIMARY KEY,
          tx BLOB NOT NULL UNIQUE,
          at INTEGER NOT NULL, -- ms since 1970 by the writer's clock
          local_base INTEGER NOT NULL,
          entries BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS mapping_counts (
          from_id INTEGER NOT NULL,
          mapping INTEGER NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (from_id, mapping)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS names (
          kind INTEGER NOT NULL,
          name BLOB NOT NULL,
          owner_id INTEGER NOT NULL, -- 0 while only reserved
          owner_shard INTEGER NOT NULL,
          owner_tx BLOB NOT NULL,
          at INTEGER NOT NULL, -- ms since 1970
          PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS names_reserved ON names (owner_id, at);
        CREATE TABLE IF NOT EXISTS cursors (
          follower TEXT NOT NULL PRIMARY KEY,
          seq INTEGER NOT NULL, -- the last journal number handled or parked
          claim BLOB NOT NULL) WITHOUT ROWID; -- who may move it
        CREATE TABLE IF NOT EXISTS parked (
          follower TEXT NOT NULL,
          seq INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          parked_at INTEGER NOT NULL, -- ms since 1970
          next_at INTEGER NOT NULL, -- ms since 1970
          reason TEXT NOT NULL,
          PRIMARY KEY (follower, seq)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS parked_next ON parked (follower, next_at);
        {string.Join('\n', model.Types.Select(ObjectTable))}
        {string.Join('\n', model.Mappings.Select(MappingTable))}
        CREATE TABLE IF NOT EXISTS shard (
          id INTEGER NOT NULL PRIMARY KEY,
          epoch INTEGER NOT NULL,
          state INTEGER NOT NULL, -- 0 closed, 1 open
          last_seq INTEGER NOT NULL,
          last_local_id INTEGER NOT NULL,
          format INTEGER NOT NULL);
        """;

    public static string InsertShard(ShardId shard, long epoch) =>
        $"INSERT OR IGNORE INTO shard VALUES ({shard.Value}, {epoch}, 1, 0, 0, {Format});PRAGMA user_version={Format};";

    static string ObjectTable(ObjectType type) => $"""
        CREATE TABLE IF NOT EXISTS {type.Name} (
          local_id INTEGER NOT NULL PRIMARY KEY,
          version INTEGER NOT NULL,
          seq INTEGER NOT NULL, -- the journal number that wrote it
          state INTEGER NOT NULL, -- 0 live, 1 deleted, 2 erased
          body BLOB NOT NULL);
        """;

    // Clustered in reading order, so that a page is one range scan that needs no second look-up.
    static string MappingTable(Mapping mapping) => $"""
        CREATE TABLE IF NOT EXISTS {mapping.Name} (
          from_id INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          to_id INTEGER NOT NULL,
          body BLOB NOT NULL,
          PRIMARY KEY (from_id, sequence, to_id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX IF NOT EXISTS {mapping.Name}_pair ON {mapping.Name} (from_id, to_id);
        """;
}
