using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The server-wide database: which processes live, who has which shard, and words left for one another.
/// </summary>
sealed class MySqlCoordination(MySqlShardServer server) : ICoordination
{
    // In UTC, since the local time of a session has hours that come twice.
    const string Now = "TIMESTAMPDIFF(MICROSECOND,'1970-01-01',UTC_TIMESTAMP(3))DIV 1000";

    readonly SemaphoreSlim _preparing = new(1);
    volatile bool _isPrepared;

    string Database => server.Databases.Server;

    string Schema => $"""
        CREATE DATABASE IF NOT EXISTS {Database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE TABLE IF NOT EXISTS {Database}.workers (
          id BINARY(16) NOT NULL PRIMARY KEY,
          name VARCHAR(255) NOT NULL,
          until BIGINT NOT NULL COMMENT 'ms since 1970 by this server''s clock') ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.leases (
          shard INT NOT NULL PRIMARY KEY,
          worker BINARY(16) NOT NULL,
          until BIGINT NOT NULL) ENGINE=InnoDB;
        CREATE TABLE IF NOT EXISTS {Database}.wakeups (
          topic TINYINT NOT NULL COMMENT '0 commit, 1 lease, 2 parked',
          shard INT NOT NULL,
          seq BIGINT NOT NULL,
          at BIGINT NOT NULL,
          PRIMARY KEY (topic, shard),
          KEY wakeups_at (at)) ENGINE=InnoDB;
        """;

    string WakeForLeases =>
        $"INSERT INTO {Database}.wakeups(topic,shard,seq,at)VALUES(1,0,0,{Now})ON DUPLICATE KEY UPDATE at=VALUES(at);";

    public async ValueTask<LeaseTable> RenewAsync(Guid worker, string name, TimeSpan lease,
        CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var until = $"{Now}+{(long)lease.TotalMilliseconds}";
        var batch = new MySqlBatch();
        batch.Sql.Append($"INSERT INTO {Database}.workers(id,name,until)VALUES(");
        batch.Bytes(worker.ToByteArray()).Sql.Append(',');
        batch.Text(name).Sql.Append($",{until})ON DUPLICATE KEY UPDATE until=VALUES(until);");
        batch.Sql.Append($"UPDATE {Database}.leases SET until={until} WHERE worker=");
        batch.Bytes(worker.ToByteArray()).Sql.Append(
            $";SELECT -1,COUNT(*)FROM {Database}.workers WHERE {Runs(lease)} UNION ALL SELECT shard,worker=");
        batch.Bytes(worker.ToByteArray()).Sql.Append($" FROM {Database}.leases WHERE {Runs(lease)}");
        var rows = await server.QueryAsync(batch, null, row => (Shard: row.GetInt32(0), Value: row.GetInt32(1)),
            cancellation);
        return new LeaseTable(
            rows.First(r => r.Shard < 0).Value,
            [.. rows.Where(r => r is { Shard: >= 0, Value: 1 }).Select(r => new ShardId(r.Shard))],
            [.. rows.Where(r => r is { Shard: >= 0, Value: 0 }).Select(r => new ShardId(r.Shard))]);
    }

    public async ValueTask<IReadOnlyList<ShardId>> AcquireAsync(
        Guid worker, IReadOnlyList<ShardId> shards, int most, TimeSpan lease, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        var sorted = shards.Order().ToList();
        batch.Sql.Append($"INSERT IGNORE INTO {Database}.leases(shard,worker,until)VALUES")
            .AppendJoin(',', sorted.Select(s => $"({s},'',0)"))
            .Append($";DELETE FROM {Database}.workers WHERE until<{Now}-60000")
            .Append($";UPDATE {Database}.leases SET until={Now}+{(long)lease.TotalMilliseconds},worker=");
        batch.Bytes(worker.ToByteArray()).Sql.Append($" WHERE NOT({Runs(lease)})AND shard IN(").AppendJoin(',', sorted)
            .Append($")ORDER BY shard LIMIT {most};SELECT shard FROM {Database}.leases WHERE worker=");
        batch.Bytes(worker.ToByteArray());
        return await server.QueryAsync(batch, null, row => new ShardId(row.GetInt32(0)), cancellation);
    }

    public async ValueTask ReleaseAsync(Guid worker, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"UPDATE {Database}.leases SET until=0,worker='' WHERE worker=");
        batch.Bytes(worker.ToByteArray()).Sql.Append(" AND shard IN(").AppendJoin(',', shards).Append(");")
            .Append(WakeForLeases);
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask LeaveAsync(Guid worker, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"DELETE FROM {Database}.workers WHERE id=");
        batch.Bytes(worker.ToByteArray()).Sql
            .Append($";UPDATE {Database}.leases SET until=0,worker='' WHERE worker=");
        batch.Bytes(worker.ToByteArray()).Sql.Append(';').Append(WakeForLeases);
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"INSERT INTO {Database}.wakeups(topic,shard,seq,at)VALUES")
            .AppendJoin(',', wakeups.OrderBy(w => w.Topic).ThenBy(w => w.Shard)
                .Select(w => $"({(int)w.Topic},{w.Shard},{w.Seq},{Now})"))
            .Append("ON DUPLICATE KEY UPDATE seq=GREATEST(seq,VALUES(seq)),at=VALUES(at)");
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append(
            $"SELECT -1,0,0,{Now} UNION ALL SELECT topic,shard,seq,at FROM {Database}.wakeups WHERE at>={sinceMs}");
        var rows = await server.QueryAsync(batch, null,
            row => (Topic: row.GetInt32(0), Shard: row.GetInt32(1), Seq: row.GetInt64(2), At: row.GetInt64(3)),
            cancellation);
        return new WakeupsSince(rows.First(r => r.Topic < 0).At,
            [.. rows.Where(r => r.Topic >= 0)
                .Select(r => new Wakeup((WakeupTopic)r.Topic, new ShardId(r.Shard), r.Seq, r.At))]);
    }

    /// <summary>A lease that has much more to run than any is given for is of a clock that was put back.</summary>
    static string Runs(TimeSpan lease) =>
        $"until>{Now} AND until<={Now}+{(long)lease.TotalMilliseconds * ICoordination.LeasesMax}";

    /// <summary>Makes the tables, once in the life of a process.</summary>
    async ValueTask PrepareAsync(CancellationToken cancellation)
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
