using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The marks of shards that arrive, leave or have left, in the server's own database; and transactions that ask for
/// them.
/// </summary>
sealed class MySqlMarks(MySqlShardServer server)
{
    /// <summary>
    /// A server makes files for some statements, and an operation waits for it longer than a write does.
    /// </summary>
    public const int SecondsMax = 120;

    string Marks => $"{server.Databases.Server}.copies";

    string Shards => $"{server.Databases.Server}.shards";

    /// <summary>Statements in one transaction, each condition of which has to be met.</summary>
    /// <exception cref="PinfoldException">
    /// Conflict: the mark is another's, or none. Unavailable: the server does not answer; nothing was changed, or all.
    /// </exception>
    public async ValueTask<T> ChangeAsync<T>(
        ShardId shard, MarkHolder by, ShardMarkRole[] roles, Func<MySqlConnection, ValueTask<T>> change,
        CancellationToken cancellation) => await RunAsync(shard, async connection =>
        {
            await ExecuteAsync(connection, "START TRANSACTION", cancellation);
            await RefuseOthersAsync(connection, shard, by, roles, cancellation);
            var result = await change(connection);
            await ExecuteAsync(connection, "COMMIT", cancellation);
            return result;
        }, cancellation);

    /// <summary>Uses a session, and leaves it without an open transaction.</summary>
    public async ValueTask<T> RunAsync<T>(
        ShardId? shard, Func<MySqlConnection, ValueTask<T>> use, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Sessions.OpenAsync(cancellation);
            var isWhole = false;
            try
            {
                var result = await use(connection);
                isWhole = true;
                return result;
            }
            finally
            {
                if (!isWhole)
                    await server.Sessions.RollBackAsync(connection);
            }
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new PinfoldException(ErrorKind.Unavailable, shard is null
                ? MySqlErrors.OfOpening(server.Name, e)
                : $"Server {server.Name} failed at shard {shard}: {e.Message}", e)
            { Shard = shard };
        }
    }

    public async ValueTask MakeTableAsync(MySqlConnection connection, CancellationToken cancellation) =>
        await ExecuteAsync(connection, $"""
            {MySqlSchema.ServerTables(server.Databases)}
            CREATE TABLE IF NOT EXISTS {Marks} (
              shard SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
              role TINYINT NOT NULL COMMENT '1 arriving, 2 leaving, 3 left',
              operation VARCHAR(64) NOT NULL,
              runner VARCHAR(64) NOT NULL COMMENT 'the process that may change it',
              epoch BIGINT NOT NULL,
              at BIGINT NOT NULL COMMENT 'ms since 1970') ENGINE=InnoDB;
            """, cancellation);

    public ValueTask<IReadOnlyList<ShardMark>> ListAsync(CancellationToken cancellation) =>
        RunAsync(null, connection => ListAsync(connection, cancellation), cancellation);

    async ValueTask<IReadOnlyList<ShardMark>> ListAsync(
        MySqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await QueryAsync(connection,
                $"SELECT c.shard,role,operation,c.epoch,IFNULL(last_seq,0)FROM {Marks} c "
                + $"LEFT JOIN {Shards} s ON s.id=c.shard ORDER BY c.shard",
                row => new ShardMark(new ShardId(row.GetInt32(0)), (ShardMarkRole)row.GetInt32(1),
                    row.GetString(2), row.GetInt64(3), row.GetInt64(4)), cancellation);
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase)
        {
            return []; // nothing has come or gone here yet
        }
    }

    /// <summary>Writes a mark where none is, or one of the same operation in this role; false for another's.</summary>
    public async ValueTask<bool> TryMarkAsync(
        MySqlConnection connection, ShardId shard, ShardMarkRole role, long epoch, MarkHolder by,
        CancellationToken cancellation)
    {
        await ExecuteAsync(connection,
            $"INSERT INTO {Marks}(shard,role,operation,runner,epoch,at)VALUES({shard.Value},{(int)role},@op,@runner,"
            + $"{epoch},UNIX_TIMESTAMP()*1000)ON DUPLICATE KEY UPDATE runner=IF(role={(int)role} AND operation=@op "
            + $"AND epoch={epoch},@runner,runner)", cancellation, by);
        return await QueryAsync(connection,
            $"SELECT 1 FROM {Marks} WHERE shard={shard.Value} AND role={(int)role} AND operation=@op AND "
            + "runner=@runner", row => 1, cancellation, by) is [_];
    }

    /// <summary>Gives a mark another role, and this holder.</summary>
    public async ValueTask SetAsync(
        MySqlConnection connection, ShardId shard, ShardMarkRole role, long epoch, MarkHolder by,
        CancellationToken cancellation) => await ExecuteAsync(connection,
            $"UPDATE {Marks} SET role={(int)role},operation=@op,runner=@runner,epoch={epoch} "
            + $"WHERE shard={shard.Value}", cancellation, by);

    public async ValueTask RemoveAsync(
        MySqlConnection connection, ShardId shard, CancellationToken cancellation) =>
        await ExecuteAsync(connection, $"DELETE FROM {Marks} WHERE shard={shard.Value}", cancellation);

    /// <summary>The role in which a shard is marked for this holder; null for no mark at all.</summary>
    public async ValueTask<ShardMarkRole?> FindRoleAsync(
        MySqlConnection connection, ShardId shard, CancellationToken cancellation) =>
        await QueryAsync(connection, $"SELECT role FROM {Marks} WHERE shard={shard.Value}",
            row => (ShardMarkRole)row.GetInt32(0), cancellation) is [var role] ? role : null;

    /// <summary>Has a mark of this operation be this process's; the mark as it is then.</summary>
    public async ValueTask<ShardMark?> TakeAsync(
        MySqlConnection connection, ShardId shard, MarkHolder by, CancellationToken cancellation)
    {
        await ExecuteAsync(connection,
            $"UPDATE {Marks} SET runner=@runner WHERE shard={shard.Value} AND operation=@op", cancellation, by);
        return (await ListAsync(connection, cancellation)).FirstOrDefault(mark => mark.Shard == shard);
    }

    async ValueTask RefuseOthersAsync(
        MySqlConnection connection, ShardId shard, MarkHolder by, ShardMarkRole[] roles,
        CancellationToken cancellation)
    {
        var found = await QueryAsync(connection,
            $"SELECT role,operation,runner FROM {Marks} WHERE shard={shard.Value} FOR UPDATE",
            row => ((ShardMarkRole)row.GetInt32(0), new MarkHolder(row.GetString(1), row.GetString(2))),
            cancellation);
        if (found is not [var (role, holder)] || holder != by || !roles.Contains(role))
            throw MarkErrors.NotOurs(shard, server.Name, by,
                found is [var (there, its)] ? (there, its.Operation) : null);
    }

    public async ValueTask ExecuteAsync(
        MySqlConnection connection, string sql, CancellationToken cancellation, MarkHolder? by = null)
    {
        await using var command = Command(connection, sql, by);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask<List<T>> QueryAsync<T>(
        MySqlConnection connection, string sql, Func<MySqlDataReader, T> read, CancellationToken cancellation,
        MarkHolder? by = null)
    {
        await using var command = Command(connection, sql, by);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    static MySqlCommand Command(MySqlConnection connection, string sql, MarkHolder? by)
    {
        var command = new MySqlCommand(sql, connection) { CommandTimeout = SecondsMax };
        if (by is { } holder)
        {
            command.Parameters.AddWithValue("@op", holder.Operation);
            command.Parameters.AddWithValue("@runner", holder.Runner);
        }
        return command;
    }
}
