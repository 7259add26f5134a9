using System.Globalization;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>Shards that come to a MySQL or MariaDB, and go from it.</summary>
/// <remarks>
/// What has left keeps its database; its tables have other names, so that readers with an old map are refused and look
/// again.
/// </remarks>
sealed class MySqlShardCopies(MySqlShardServer server) : IShardCopies
{
    const string LeftPrefix = "left_";

    readonly MySqlMarks _marks = new(server);
    readonly MySqlShardRows _rows = new(server);

    string Shards => $"{server.Databases.Server}.shards";

    string Cursors => $"{server.Databases.Server}.cursors";

    string Parked => $"{server.Databases.Server}.parked";

    public ValueTask<IReadOnlyList<ShardMark>> ListMarksAsync(CancellationToken cancellation) =>
        _marks.ListAsync(cancellation);

    public ValueTask<ShardMark?> TakeAsync(ShardId shard, MarkHolder by, CancellationToken cancellation) =>
        _marks.RunAsync(shard, async connection =>
        {
            await _marks.MakeTableAsync(connection, cancellation);
            return await _marks.TakeAsync(connection, shard, by, cancellation);
        }, cancellation);

    public ValueTask<IReadOnlyList<ShardSize>> MeasureAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellation) => _marks.RunAsync(null,
        async ValueTask<IReadOnlyList<ShardSize>> (connection) =>
        {
            // Of the names that follow one another, those that are asked for.
            var names = shards.ToDictionary(server.Databases.Of);
            var found = await _marks.QueryAsync(connection,
                "SELECT TABLE_SCHEMA,CAST(SUM(TABLE_ROWS)AS SIGNED),CAST(SUM(DATA_LENGTH+INDEX_LENGTH)AS SIGNED)"
                + $"FROM information_schema.TABLES WHERE TABLE_SCHEMA IN('{string.Join("','", names.Keys)}')"
                + "GROUP BY TABLE_SCHEMA",
                row => (row.GetString(0), Rows: row.GetInt64(1), Bytes: row.GetInt64(2)), cancellation);
            return found.ConvertAll(size => new ShardSize(names[size.Item1], size.Rows, size.Bytes));
        }, cancellation);

    public async ValueTask MakeAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation) =>
        await _marks.RunAsync(shard, async ValueTask<int> (connection) =>
        {
            await _marks.MakeTableAsync(connection, cancellation);
            if (await _marks.FindRoleAsync(connection, shard, cancellation) is null
                && await IsAnythingThereAsync(connection, shard, cancellation))
                throw MarkErrors.There(shard, server.Name, null);
            if (!await _marks.TryMarkAsync(connection, shard, ShardMarkRole.Arriving, epoch, by, cancellation))
                throw await TakenAsync(shard, cancellation);
            await _marks.ExecuteAsync(connection, $"""
                {MySqlSchema.ShardTables(server.Databases, shard)}
                INSERT IGNORE INTO {Shards} VALUES({shard.Value},{epoch},0,0,0,{MySqlSchema.Format});
                """, cancellation);
            return 0;
        }, cancellation);

    public async ValueTask MarkLeavingAsync(
        ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation) =>
        await _marks.RunAsync(shard, async ValueTask<int> (connection) =>
        {
            await _marks.MakeTableAsync(connection, cancellation);
            var there = await ReadRowAsync(connection, shard, cancellation);
            if (there?.Epoch != epoch)
                throw MarkErrors.OtherEpoch(shard, server.Name, epoch, there?.Epoch);
            if (!await _marks.TryMarkAsync(connection, shard, ShardMarkRole.Leaving, epoch, by, cancellation))
                throw await TakenAsync(shard, cancellation);
            return 0;
        }, cancellation);

    public async ValueTask ReviveAsync(ShardId shard, long epoch, MarkHolder by, CancellationToken cancellation) =>
        await _marks.RunAsync(shard, async ValueTask<int> (connection) =>
        {
            await _marks.MakeTableAsync(connection, cancellation);
            await _marks.ExecuteAsync(connection, "START TRANSACTION", cancellation);
            switch (await _marks.FindRoleAsync(connection, shard, cancellation))
            {
                case ShardMarkRole.Left:
                    await _marks.SetAsync(connection, shard, ShardMarkRole.Arriving, epoch, by, cancellation);
                    await _marks.ExecuteAsync(connection,
                        $"UPDATE {Shards} SET state=0,epoch={epoch} WHERE id={shard.Value}", cancellation);
                    break;
                case ShardMarkRole.Arriving
                    when await _marks.TryMarkAsync(connection, shard, ShardMarkRole.Arriving, epoch, by, cancellation):
                    break;
                default:
                    throw await TakenAsync(shard, cancellation);
            }
            await _marks.ExecuteAsync(connection, "COMMIT", cancellation);
            await RenameAsync(connection, shard, LeftPrefix, "", cancellation);
            return 0;
        }, cancellation);

    public ValueTask<IReadOnlyList<Cell[]>> ReadAsync(
        ShardId shard, ShardTable table, RowRange range, int limit, CancellationToken cancellation) =>
        _marks.RunAsync(shard, connection => _rows.ReadAsync(
            connection, shard, table, RowSql.Where(table, range, comparesRows: false),
            string.Create(CultureInfo.InvariantCulture, $" ORDER BY {RowSql.KeyList(table)} LIMIT {limit}"),
            cancellation), cancellation);

    public async ValueTask<IReadOnlyList<Cell[]>> FindAsync(
        ShardId shard, ShardTable table, IReadOnlyList<RowKey> keys, CancellationToken cancellation)
    {
        var found = new List<Cell[]>(keys.Count);
        foreach (var part in keys.Chunk(RowSql.KeysMax))
            found.AddRange(await _marks.RunAsync(shard, connection => _rows.ReadAsync(
                connection, shard, table, RowSql.Where(table, part), "", cancellation), cancellation));
        return found;
    }

    public async ValueTask<IReadOnlyList<Cell[]>> ReadTombstonesAsync(
        ShardId shard, IReadOnlyList<ListKey> lists, CancellationToken cancellation)
    {
        var found = new List<Cell[]>();
        foreach (var part in lists.Chunk(RowSql.KeysMax))
            found.AddRange(await _marks.RunAsync(shard, connection => _rows.ReadAsync(
                connection, shard, ShardTable.Entries, RowSql.WhereTombstones(part), "", cancellation), cancellation));
        return found;
    }

    public ValueTask<RowKey?> FindEndAsync(
        ShardId shard, ShardTable table, RowKey? after, int rows, CancellationToken cancellation) =>
        _marks.RunAsync(shard, connection => _rows.FindEndAsync(
            connection, shard, table, after, rows, cancellation), cancellation);

    public ValueTask<RowSum> SumAsync(
        ShardId shard, ShardTable table, RowRange range, CancellationToken cancellation) =>
        _marks.RunAsync(
            shard, connection => _rows.SumAsync(connection, shard, table, range, cancellation), cancellation);

    public async ValueTask WriteAsync(
        ShardId shard, IReadOnlyList<TableChange> changes, long? lastSeq, MarkHolder by,
        CancellationToken cancellation) =>
        await _marks.ChangeAsync(shard, by, [ShardMarkRole.Arriving], async ValueTask<int> (connection) =>
        {
            foreach (var change in changes)
                await _rows.ChangeAsync(connection, shard, change, cancellation);
            if (lastSeq is { } seq)
                await _marks.ExecuteAsync(
                    connection, $"UPDATE {Shards} SET last_seq={seq} WHERE id={shard.Value}", cancellation);
            return 0;
        }, cancellation);

    public ValueTask<ShardRow> CloseAsync(ShardId shard, MarkHolder by, CancellationToken cancellation) =>
        _marks.ChangeAsync(shard, by, [ShardMarkRole.Leaving], async connection =>
        {
            await _marks.ExecuteAsync(
                connection, $"UPDATE {Shards} SET state=0 WHERE id={shard.Value}", cancellation);
            return (await ReadRowAsync(connection, shard, cancellation))!;
        }, cancellation);

    public async ValueTask ReopenAsync(
        ShardId shard, bool keepsMark, MarkHolder by, CancellationToken cancellation)
    {
        if (await FindRoleAsync(shard, cancellation) is null)
            return;
        await _marks.ChangeAsync(shard, by, [ShardMarkRole.Leaving], async ValueTask<int> (connection) =>
        {
            await _marks.ExecuteAsync(
                connection, $"UPDATE {Shards} SET state=1 WHERE id={shard.Value}", cancellation);
            if (!keepsMark)
                await _marks.RemoveAsync(connection, shard, cancellation);
            return 0;
        }, cancellation);
    }

    public async ValueTask<FollowerState> FreezeFollowersAsync(
        ShardId shard, MarkHolder by, CancellationToken cancellation)
    {
        await server.FollowerTables.PrepareAsync(cancellation);
        return await _marks.ChangeAsync(shard, by, [ShardMarkRole.Leaving], async connection =>
        {
            var of = $"WHERE shard={shard.Value}";
            var nobody = Convert.ToHexString(Guid.NewGuid().ToByteArray());
            await _marks.ExecuteAsync(connection, $"UPDATE {Cursors} SET claim=x'{nobody}' {of}", cancellation);
            var cursors = await _marks.QueryAsync(connection, $"SELECT follower,seq FROM {Cursors} {of}",
                row => new CursorRow(shard, row.GetString(0), row.GetInt64(1)), cancellation);
            var parked = await _marks.QueryAsync(connection,
                $"SELECT follower,seq,attempts,parked_at,next_at,reason FROM {Parked} {of}",
                row => new ParkedRow(shard, row.GetString(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3),
                    row.GetInt64(4), row.GetString(5)), cancellation);
            return new FollowerState(cursors, parked);
        }, cancellation);
    }

    public async ValueTask OpenAsync(
        ShardId shard, ShardRow closed, FollowerState followers, long epoch, MarkHolder by,
        CancellationToken cancellation)
    {
        if (await FindRoleAsync(shard, cancellation) is null)
        {
            await RefuseUnlessOpenAsync(shard, epoch, cancellation);
            return;
        }
        await server.FollowerTables.PrepareAsync(cancellation);
        await _marks.ChangeAsync(shard, by, [ShardMarkRole.Arriving], async ValueTask<int> (connection) =>
        {
            var there = (await ReadRowAsync(connection, shard, cancellation))!;
            if (there.LastSeq != closed.LastSeq)
                throw MarkErrors.NotWhole(shard, server.Name, closed.LastSeq, there.LastSeq);
            await ForgetFollowersAsync(connection, shard, cancellation);
            await InsertFollowersAsync(connection, shard, followers, cancellation);
            await _marks.ExecuteAsync(connection,
                $"UPDATE {Shards} SET state=1,epoch={epoch},last_local_id={closed.LastLocalId} WHERE id={shard.Value}",
                cancellation);
            await _marks.RemoveAsync(connection, shard, cancellation);
            return 0;
        }, cancellation);
    }

    public async ValueTask LeaveAsync(ShardId shard, MarkHolder by, CancellationToken cancellation)
    {
        ShardMarkRole[] roles = [ShardMarkRole.Leaving, ShardMarkRole.Arriving, ShardMarkRole.Left];
        await server.FollowerTables.PrepareAsync(cancellation);
        await _marks.ChangeAsync(shard, by, roles, async ValueTask<int> (connection) =>
        {
            var row = (await ReadRowAsync(connection, shard, cancellation))!;
            await _marks.SetAsync(connection, shard, ShardMarkRole.Left, row.Epoch, by, cancellation);
            await _marks.ExecuteAsync(
                connection, $"UPDATE {Shards} SET state=0 WHERE id={shard.Value}", cancellation);
            await ForgetFollowersAsync(connection, shard, cancellation);
            return 0;
        }, cancellation);
        await _marks.RunAsync(shard, async ValueTask<int> (connection) =>
        {
            await RenameAsync(connection, shard, "", LeftPrefix, cancellation);
            return 0;
        }, cancellation);
    }

    public async ValueTask DropAsync(ShardId shard, MarkHolder by, CancellationToken cancellation) =>
        await _marks.RunAsync(shard, async ValueTask<int> (connection) =>
        {
            await _marks.MakeTableAsync(connection, cancellation);
            switch (await _marks.FindRoleAsync(connection, shard, cancellation))
            {
                case null when !await IsAnythingThereAsync(connection, shard, cancellation):
                    return 0;
                case ShardMarkRole.Left:
                    await _marks.SetAsync(connection, shard, ShardMarkRole.Left, 0, by, cancellation);
                    break;
                case ShardMarkRole.Arriving when
                    await _marks.TakeAsync(connection, shard, by, cancellation) is { } its
                    && its.Operation == by.Operation:
                    break;
                default:
                    throw await TakenAsync(shard, cancellation);
            }
            await _marks.ExecuteAsync(
                connection, $"DROP DATABASE IF EXISTS {server.Databases.Of(shard)}", cancellation);
            await server.FollowerTables.PrepareAsync(cancellation);
            await _marks.ExecuteAsync(connection, "START TRANSACTION", cancellation);
            await ForgetFollowersAsync(connection, shard, cancellation);
            await _marks.ExecuteAsync(connection, $"DELETE FROM {Shards} WHERE id={shard.Value}", cancellation);
            await _marks.RemoveAsync(connection, shard, cancellation);
            await _marks.ExecuteAsync(connection, "COMMIT", cancellation);
            return 0;
        }, cancellation);

    ValueTask<ShardMarkRole?> FindRoleAsync(ShardId shard, CancellationToken cancellation) =>
        _marks.RunAsync(shard, connection => _marks.FindRoleAsync(connection, shard, cancellation), cancellation);

    async ValueTask RefuseUnlessOpenAsync(ShardId shard, long epoch, CancellationToken cancellation)
    {
        var row = await _marks.RunAsync(shard, connection => ReadRowAsync(connection, shard, cancellation),
            cancellation);
        if (row is not { State: ShardState.Open } || row.Epoch != epoch)
            throw MarkErrors.OtherEpoch(shard, server.Name, epoch, row?.Epoch);
    }

    async ValueTask<ShardRow?> ReadRowAsync(
        MySqlConnection connection, ShardId shard, CancellationToken cancellation) =>
        await _marks.QueryAsync(connection,
            $"SELECT epoch,state,last_seq,last_local_id FROM {Shards} WHERE id={shard.Value}",
            row => new ShardRow(row.GetInt64(0), (ShardState)row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)),
            cancellation) is [var found] ? found : null;

    async ValueTask<bool> IsAnythingThereAsync(
        MySqlConnection connection, ShardId shard, CancellationToken cancellation) =>
        await _marks.QueryAsync(connection,
            $"SELECT 1 FROM {Shards} WHERE id={shard.Value} UNION ALL SELECT 1 FROM information_schema.SCHEMATA "
            + $"WHERE SCHEMA_NAME='{server.Databases.Of(shard)}'", _ => 1, cancellation) is not [];

    async ValueTask ForgetFollowersAsync(
        MySqlConnection connection, ShardId shard, CancellationToken cancellation) => await _marks.ExecuteAsync(
            connection, $"DELETE FROM {Cursors} WHERE shard={shard.Value};DELETE FROM {Parked} "
            + $"WHERE shard={shard.Value}", cancellation);

    async ValueTask InsertFollowersAsync(
        MySqlConnection connection, ShardId shard, FollowerState followers, CancellationToken cancellation)
    {
        foreach (var cursor in followers.Cursors)
        {
            var batch = new MySqlBatch();
            batch.Sql.Append($"INSERT INTO {Cursors}(shard,follower,seq,claim)VALUES({shard.Value},");
            batch.Text(cursor.Follower).Sql.Append($",{cursor.Seq},x'{new string('0', 32)}')");
            await _rows.ExecuteAsync(connection, batch, cancellation);
        }
        foreach (var row in followers.Parked)
        {
            var batch = new MySqlBatch();
            batch.Sql.Append($"INSERT INTO {Parked}(shard,follower,seq,attempts,parked_at,next_at,reason)VALUES(")
                .Append($"{shard.Value},");
            batch.Text(row.Follower).Sql.Append(
                $",{row.Seq},{row.Attempts},{row.ParkedAtMs},{row.NextAtMs},");
            batch.Text(row.Reason).Sql.Append(')');
            await _rows.ExecuteAsync(connection, batch, cancellation);
        }
    }

    /// <summary>Gives all tables of a shard other names at once, unless they have them.</summary>
    async ValueTask RenameAsync(
        MySqlConnection connection, ShardId shard, string from, string to, CancellationToken cancellation)
    {
        var database = server.Databases.Of(shard);
        var there = await _marks.QueryAsync(connection,
            $"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA='{database}'",
            row => row.GetString(0), cancellation);
        var renames = ShardTable.All.Where(table => there.Contains(from + table.Name))
            .Select(table => $"{database}.{from}{table.Name} TO {database}.{to}{table.Name}").ToList();
        if (renames.Count > 0)
            await _marks.ExecuteAsync(connection, $"RENAME TABLE {string.Join(',', renames)}", cancellation);
    }

    async ValueTask<PinfoldException> TakenAsync(ShardId shard, CancellationToken cancellation)
    {
        var marks = await _marks.ListAsync(cancellation);
        return MarkErrors.There(shard, server.Name,
            marks.FirstOrDefault(mark => mark.Shard == shard) is { } mark ? (mark.Role, mark.Operation) : null);
    }
}
