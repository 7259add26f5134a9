namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The tables of one shard's database. Identifiers were checked when declared; bodies are JSON in UTF-8.
/// </summary>
static class MySqlSchema
{
    /// <summary>The layout of the tables that each shard has for itself; a shard of a newer one is refused.</summary>
    public const int Format = 1;

    public static string CreateShard(string d, ShardId shard, long epoch, ShardingModel model) => $"""
        CREATE DATABASE IF NOT EXISTS {d} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS {d}.journal (
          seq BIGINT NOT NULL PRIMARY KEY,
          tx BINARY(16) NOT NULL,
          at BIGINT NOT NULL COMMENT 'ms since 1970 by the writer''s clock',
          local_base BIGINT NOT NULL,
          entries MEDIUMBLOB NOT NULL,
          UNIQUE KEY journal_tx (tx)) ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {d}.mapping_counts (
          from_id BIGINT NOT NULL,
          mapping SMALLINT NOT NULL,
          n BIGINT NOT NULL,
          PRIMARY KEY (from_id, mapping)) ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {d}.names (
          kind TINYINT UNSIGNED NOT NULL,
          name VARBINARY(255) NOT NULL,
          owner_id BIGINT NOT NULL COMMENT '0 while only reserved',
          owner_shard SMALLINT UNSIGNED NOT NULL,
          owner_tx BINARY(16) NOT NULL,
          at BIGINT NOT NULL COMMENT 'ms since 1970',
          PRIMARY KEY (kind, name),
          KEY names_reserved (owner_id, at)) ENGINE=InnoDB;
        {string.Join('\n', model.Types.Select(t => ObjectTable(d, t)))}
        {string.Join('\n', model.Mappings.Select(m => MappingTable(d, m)))}
        CREATE TABLE IF NOT EXISTS {d}.shard (
          id SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
          epoch BIGINT NOT NULL,
          state TINYINT NOT NULL COMMENT '0 closed, 1 open',
          last_seq BIGINT NOT NULL,
          last_local_id BIGINT NOT NULL,
          format INT NOT NULL) ENGINE=InnoDB;
        INSERT IGNORE INTO {d}.shard VALUES ({shard.Value}, {epoch}, 1, 0, 0, {Format});
        """;

    static string ObjectTable(string database, ObjectType type) => $"""
        CREATE TABLE IF NOT EXISTS {database}.{type.Name} (
          local_id BIGINT NOT NULL PRIMARY KEY,
          version BIGINT NOT NULL,
          seq BIGINT NOT NULL COMMENT 'the journal number that wrote it',
          state TINYINT NOT NULL COMMENT '0 live, 1 deleted, 2 erased',
          body MEDIUMBLOB NOT NULL) ENGINE=InnoDB;
        """;

    // Clustered in reading order, so that a page is one range scan that needs no second look-up.
    static string MappingTable(string database, Mapping mapping) => $"""
        CREATE TABLE IF NOT EXISTS {database}.{mapping.Name} (
          from_id BIGINT NOT NULL,
          sequence BIGINT NOT NULL,
          to_id BIGINT NOT NULL,
          body VARBINARY({Mapping.EntryBodyBytesMax}) NOT NULL,
          PRIMARY KEY (from_id, sequence, to_id),
          UNIQUE KEY pair (from_id, to_id)) ENGINE=InnoDB;
        """;
}
