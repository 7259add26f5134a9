namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>
/// The tables of one shard's file, whatever the model: those of MySQL with the types of SQLite, and the shard's own
/// row.
/// </summary>
static class SqliteSchema
{
    /// <summary>
    /// The layout of the tables, kept in <c>PRAGMA user_version</c> too; a file of another one is refused.
    /// </summary>
    public const int Format = ShardFormat.Newest;

    public const string Tables = """
        CREATE TABLE journal (
          seq INTEGER NOT NULL PRIMARY KEY,
          tx BLOB NOT NULL UNIQUE,
          at INTEGER NOT NULL, -- ms since 1970 by the writer's clock
          local_base INTEGER NOT NULL,
          entries BLOB NOT NULL);
        CREATE TABLE objects (
          type INTEGER NOT NULL,
          local_id INTEGER NOT NULL,
          version INTEGER NOT NULL,
          seq INTEGER NOT NULL, -- the journal number that wrote it
          state INTEGER NOT NULL, -- 0 live, 1 deleted, 2 erased
          body BLOB NOT NULL,
          PRIMARY KEY (type, local_id)) WITHOUT ROWID;
        CREATE TABLE entries (
          mapping INTEGER NOT NULL,
          from_id INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          to_id INTEGER NOT NULL, -- 0: this row counts the list's
          n INTEGER, -- how many the list has; NULL but in the row that counts
          body BLOB NOT NULL,
          PRIMARY KEY (mapping, from_id, sequence, to_id)) WITHOUT ROWID;
        CREATE UNIQUE INDEX entries_pair ON entries (mapping, from_id, to_id);
        CREATE TABLE names (
          kind INTEGER NOT NULL,
          name BLOB NOT NULL,
          owner_id INTEGER NOT NULL, -- 0 while only reserved
          owner_shard INTEGER NOT NULL,
          owner_tx BLOB NOT NULL,
          at INTEGER NOT NULL, -- ms since 1970
          PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE INDEX names_reserved ON names (owner_id, at);
        CREATE TABLE cursors (
          follower TEXT NOT NULL PRIMARY KEY,
          seq INTEGER NOT NULL, -- the last journal number handled or parked
          claim BLOB NOT NULL) WITHOUT ROWID; -- who may move it
        CREATE TABLE parked (
          follower TEXT NOT NULL,
          seq INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          parked_at INTEGER NOT NULL, -- ms since 1970
          next_at INTEGER NOT NULL, -- ms since 1970
          reason TEXT NOT NULL,
          PRIMARY KEY (follower, seq)) WITHOUT ROWID;
        CREATE INDEX parked_next ON parked (follower, next_at);
        CREATE TABLE shard (
          id INTEGER NOT NULL PRIMARY KEY,
          epoch INTEGER NOT NULL,
          state INTEGER NOT NULL, -- 0 closed, 1 open
          last_seq INTEGER NOT NULL,
          last_local_id INTEGER NOT NULL,
          format INTEGER NOT NULL);
        """;

    public static string InsertShard(ShardId shard, long epoch, ShardState state = ShardState.Open) =>
        $"INSERT INTO shard VALUES ({shard.Value}, {epoch}, {(int)state}, 0, 0, {Format});"
        + $"PRAGMA user_version={Format};";
}
