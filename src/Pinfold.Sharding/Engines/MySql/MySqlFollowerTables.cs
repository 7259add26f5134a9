namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The tables that followers keep in the server's own database: one for all shards, so that what is asked about all of
/// them is one statement.
/// </summary>
sealed class MySqlFollowerTables(MySqlShardServer server)
{
    readonly SemaphoreSlim _preparing = new(1);
    volatile bool _isPrepared;

    /// <summary>The database that they are in.</summary>
    public string Database => server.Databases.Server;

    string Schema => $"""
        {MySqlSchema.ServerTables(server.Databases)}
        CREATE TABLE IF NOT EXISTS {Database}.cursors (
          shard SMALLINT UNSIGNED NOT NULL,
          follower VARCHAR(64) NOT NULL,
          seq BIGINT NOT NULL COMMENT 'the last journal number handled or parked',
          claim BINARY(16) NOT NULL COMMENT 'who may move it',
          PRIMARY KEY (shard, follower)) ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.parked (
          shard SMALLINT UNSIGNED NOT NULL,
          follower VARCHAR(64) NOT NULL,
          seq BIGINT NOT NULL,
          attempts INT NOT NULL,
          parked_at BIGINT NOT NULL COMMENT 'ms since 1970',
          next_at BIGINT NOT NULL COMMENT 'ms since 1970',
          reason VARCHAR({ParkedRow.ReasonLengthMax}) NOT NULL,
          PRIMARY KEY (shard, follower, seq),
          KEY parked_next (shard, follower, next_at)) ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.workers (
          id BINARY(16) NOT NULL PRIMARY KEY,
          name VARCHAR(255) NOT NULL,
          followers TEXT NOT NULL COMMENT 'each with the shards on which it cannot go on',
          until BIGINT NOT NULL COMMENT 'ms since 1970 by this server''s clock') ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.leases (
          follower VARCHAR(64) NOT NULL PRIMARY KEY,
          version BIGINT NOT NULL,
          held MEDIUMTEXT NOT NULL COMMENT 'worker=shards, for as long as the worker lives') ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.wakeups (
          topic TINYINT NOT NULL COMMENT '0 commit, 1 lease, 2 parked',
          shard INT NOT NULL,
          seq BIGINT NOT NULL,
          at BIGINT NOT NULL,
          PRIMARY KEY (topic, shard),
          KEY wakeups_at (at)) ENGINE=InnoDB;
        """;

    /// <summary>Makes the tables, once in the life of a process.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellation)
    {
        if (_isPrepared)
            return;
        await _preparing.WaitAsync(cancellation);
        try
        {
            if (_isPrepared)
                return;
            var batch = new MySqlBatch();
            batch.Sql.Append(Schema);
            await server.ExecuteAsync(batch, null, cancellation);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }
}
