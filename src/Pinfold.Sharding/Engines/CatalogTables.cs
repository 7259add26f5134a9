namespace Pinfold.Sharding.Engines;

/// <summary>What the catalog keeps: versions of the topology, operations with their steps, processes.</summary>
/// <remarks>
/// Written so that both engines take it as it is. Texts that are compared are bytes to MySQL by the collation of
/// their database.
/// </remarks>
static class CatalogTables
{
    /// <summary>Makes what is missing.</summary>
    /// <param name="before">What stands before the name of a table.</param>
    public static string Make(string before) => $"""
        CREATE TABLE IF NOT EXISTS {before}topologies (
          version BIGINT NOT NULL PRIMARY KEY,
          previous BIGINT NOT NULL UNIQUE, -- each version follows one other: two cannot follow the same
          at BIGINT NOT NULL, -- ms since 1970 by the clock of this database
          who VARCHAR(255) NOT NULL,
          why VARCHAR(1000) NOT NULL,
          operation VARCHAR(64), -- that published it
          map LONGBLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS {before}operations (
          id VARCHAR(64) NOT NULL PRIMARY KEY,
          kind VARCHAR(64) NOT NULL,
          title VARCHAR(1000) NOT NULL,
          parameters LONGBLOB NOT NULL, -- JSON
          who VARCHAR(255) NOT NULL,
          why VARCHAR(1000) NOT NULL,
          state INT NOT NULL, -- 0 planned, 1 running, 2 paused, 3 failed, 4 cancelling, 5 cancelled, 6 done
          asked INT NOT NULL, -- 0 to run, 1 to pause, 2 to cancel
          created_at BIGINT NOT NULL,
          ended_at BIGINT,
          runner VARCHAR(255), -- who runs it, until
          runner_id VARCHAR(64),
          lease_until BIGINT NOT NULL, -- this moment
          beats BIGINT NOT NULL, -- how often the lease was taken or renewed
          error VARCHAR(4000),
          remains VARCHAR(4000)); -- what a cancelled one could not undo
        CREATE TABLE IF NOT EXISTS {before}steps (
          operation VARCHAR(64) NOT NULL,
          number INT NOT NULL,
          name VARCHAR(64) NOT NULL,
          subject VARCHAR(255) NOT NULL, -- of the step: shards, a server
          says VARCHAR(1000) NOT NULL, -- what is true after it
          state INT NOT NULL, -- 0 waiting, 1 begun, 2 done, 3 undone
          attempts INT NOT NULL,
          begun_at BIGINT,
          ended_at BIGINT,
          done BIGINT NOT NULL, -- so much of
          total BIGINT NOT NULL, -- so much
          unit VARCHAR(32) NOT NULL,
          place LONGBLOB NOT NULL, -- where it goes on: JSON
          figures LONGBLOB NOT NULL, -- JSON
          PRIMARY KEY (operation, number));
        CREATE TABLE IF NOT EXISTS {before}claims (
          thing VARCHAR(255) NOT NULL PRIMARY KEY, -- what nobody else may change meanwhile
          operation VARCHAR(64) NOT NULL);
        CREATE TABLE IF NOT EXISTS {before}processes (
          id VARCHAR(64) NOT NULL PRIMARY KEY,
          name VARCHAR(255) NOT NULL,
          version VARCHAR(64) NOT NULL,
          format_min INT NOT NULL, -- of the shards' tables that it understands
          format_max INT NOT NULL,
          topology BIGINT NOT NULL, -- the version that it uses
          begun_at BIGINT NOT NULL,
          lease_until BIGINT NOT NULL,
          beats BIGINT NOT NULL);
        """;
}
