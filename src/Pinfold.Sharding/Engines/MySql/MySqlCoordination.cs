using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>Which processes live, who has which shard, and words left for one another, in the server's own database.
/// </summary>
sealed class MySqlCoordination(MySqlShardServer server, MySqlFollowerTables tables) : ICoordination
{
    // In UTC, since the local time of a session has hours that come twice.
    internal const string Now = "TIMESTAMPDIFF(MICROSECOND,'1970-01-01',UTC_TIMESTAMP(3))DIV 1000";

    /// <summary>How long the row of a process that is gone may still be of use to somebody who looks.</summary>
    const int ForgottenAfterMs = 60_000;

    string WakeForLeases =>
        $"INSERT INTO {tables.Database}.wakeups(topic,shard,seq,at)VALUES(1,0,0,{Now})"
        + "ON DUPLICATE KEY UPDATE at=VALUES(at)";

    public async ValueTask<LeaseTable> RenewAsync(
        Guid worker, string name, string followers, TimeSpan lease, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var d = tables.Database;
        var until = $"{Now}+{(long)lease.TotalMilliseconds}";
        var batch = new MySqlBatch();
        batch.Sql.Append($"INSERT INTO {d}.workers(id,name,followers,until)VALUES(");
        batch.Bytes(worker.ToByteArray()).Sql.Append(',');
        batch.Text(name).Sql.Append(',');
        batch.Text(followers).Sql.Append($",{until})")
            .Append("ON DUPLICATE KEY UPDATE until=VALUES(until),followers=VALUES(followers);")
            .Append($"SELECT id,'',0,followers FROM {d}.workers WHERE {Lives(lease)} ")
            .Append($"UNION ALL SELECT '',follower,version,held FROM {d}.leases ORDER BY 1,2");
        var rows = await server.QueryAsync(batch, null, row => (
            Id: row.GetFieldValue<byte[]>(0), Follower: row.GetString(1), Version: row.GetInt64(2),
            Text: row.GetString(3)), cancellation);
        return new LeaseTable(
            [.. rows.Where(r => r.Id.Length > 0).Select(r => new LivingWorker(new Guid(r.Id), r.Text))],
            [.. rows.Where(r => r.Id.Length == 0).Select(r => new LeaseRow(r.Follower, r.Version, r.Text))]);
    }

    public async ValueTask<IReadOnlyList<LivingWorker>> ReadLivingAsync(CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT id,followers FROM {tables.Database}.workers WHERE until>{Now} ORDER BY id");
        return await server.QueryAsync(batch, null,
            row => new LivingWorker(new Guid(row.GetFieldValue<byte[]>(0)), row.GetString(1)), cancellation);
    }

    public async ValueTask<IReadOnlyList<string>> ChangeLeasesAsync(
        IReadOnlyList<LeaseChange> changes, bool wake, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var d = tables.Database;
        var batch = new MySqlBatch();
        for (var i = 0; i < changes.Count; i++)
        {
            var (follower, from, held) = changes[i];
            if (from == 0)
                batch.Sql.Append($"INSERT IGNORE INTO {d}.leases(follower,version,held)VALUES('{follower}',1,");
            else
                batch.Sql.Append($"UPDATE {d}.leases SET version={from + 1},held=");
            batch.Text(held).Sql.Append(from == 0 ? ")" : $" WHERE follower='{follower}' AND version={from}")
                .Append($";SET @m{i}=ROW_COUNT();");
        }
        batch.Sql.Append($"DELETE FROM {d}.workers WHERE until<{Now}-{ForgottenAfterMs};")
            .Append(wake ? WakeForLeases + ";" : "")
            .Append("SELECT ").AppendJoin(',', Enumerable.Range(0, changes.Count).Select(i => $"@m{i}"));
        var written = (await server.QueryAsync(batch, null,
            row => Enumerable.Range(0, changes.Count).Select(row.GetInt64).ToArray(), cancellation))[0];
        return [.. changes.Where((_, i) => written[i] > 0).Select(change => change.Follower)];
    }

    public async ValueTask LeaveAsync(Guid worker, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"DELETE FROM {tables.Database}.workers WHERE id=");
        batch.Bytes(worker.ToByteArray()).Sql.Append(';').Append(WakeForLeases);
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask SendWakeupsAsync(IReadOnlyList<Wakeup> wakeups, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"INSERT INTO {tables.Database}.wakeups(topic,shard,seq,at)VALUES")
            .AppendJoin(',', wakeups.OrderBy(w => w.Topic).ThenBy(w => w.Shard)
                .Select(w => $"({(int)w.Topic},{w.Shard},{w.Seq},{Now})"))
            .Append("ON DUPLICATE KEY UPDATE seq=GREATEST(seq,VALUES(seq)),at=VALUES(at)");
        await server.ExecuteAsync(batch, null, cancellation);
    }

    public async ValueTask<WakeupsSince> ReadWakeupsAsync(long sinceMs, CancellationToken cancellation)
    {
        await tables.PrepareAsync(cancellation);
        var batch = new MySqlBatch();
        batch.Sql.Append($"SELECT -1,0,0,{Now} ")
            .Append($"UNION ALL SELECT topic,shard,seq,at FROM {tables.Database}.wakeups WHERE at>={sinceMs}");
        var rows = await server.QueryAsync(batch, null,
            row => (Topic: row.GetInt32(0), Shard: row.GetInt32(1), Seq: row.GetInt64(2), At: row.GetInt64(3)),
            cancellation);
        return new WakeupsSince(rows.First(r => r.Topic < 0).At,
            [.. rows.Where(r => r.Topic >= 0)
                .Select(r => new Wakeup((WakeupTopic)r.Topic, new ShardId(r.Shard), r.Seq, r.At))]);
    }

    /// <summary>A lease that has much more to run than any is given for is of a clock that was put back.</summary>
    static string Lives(TimeSpan lease) =>
        $"until>{Now} AND until<={Now}+{(long)lease.TotalMilliseconds * ICoordination.LeasesMax}";
}
