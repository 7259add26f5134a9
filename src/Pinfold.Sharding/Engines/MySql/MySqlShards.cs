using System.Globalization;
using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>The shards that a server has: makes them, and tells which are there.</summary>
/// <param name="sessions">Of the server.</param>
/// <param name="server">Its name in the topology.</param>
/// <param name="databases">What its databases are called.</param>
/// <param name="timeout">Of a round trip that makes nothing.</param>
sealed class MySqlShards(MySqlSessions sessions, string server, DatabaseNames databases, TimeSpan timeout)
{
    // A server makes files for it, and may wait for the disk for each.
    const int CreateSecondsMax = 120;

    volatile bool _isPrepared;

    /// <summary>
    /// Makes what is missing of a shard, one round trip; the first time also what the server needs.
    /// </summary>
    public async ValueTask CreateAsync(ShardId shard, long epoch, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await sessions.OpenAsync(cancellation);
            if (!_isPrepared)
            {
                await ExecuteAsync(connection, MySqlSchema.ServerTables(databases), cancellation);
                if (!MySqlShardServer.IsMariaDb(connection))
                    await MySqlProcedure.CreateAsync(connection, databases, server, timeout);
                _isPrepared = true;
            }
            await using var make = new MySqlCommand(MySqlSchema.CreateShard(databases, shard, epoch), connection)
            {
                CommandTimeout = CreateSecondsMax,
            };
            if (await make.ExecuteScalarAsync(cancellation) is null)
                throw WithoutFence(shard);
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new PinfoldException(
                ErrorKind.Unavailable, $"Shard {shard} could not be made on server {server}: {e.Message}", e)
            { Shard = shard };
        }
    }

    /// <summary>The shards that have a row and a database, one round trip.</summary>
    /// <exception cref="PinfoldException">
    /// Unavailable: the server does not answer. Corrupt: it has shards of a format that this program does not know.
    /// </exception>
    public async ValueTask<IReadOnlyList<ShardId>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await sessions.OpenAsync(cancellation);
            return await ListAsync(connection, cancellation);
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new PinfoldException(ErrorKind.Unavailable, MySqlErrors.OfOpening(server, e), e);
        }
    }

    async ValueTask<List<ShardId>> ListAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var sql = "SELECT TABLE_SCHEMA,TABLE_NAME FROM information_schema.TABLES "
            + $"WHERE TABLE_NAME IN('journal','shard')AND TABLE_SCHEMA REGEXP '^{databases.Prefix}[0-9]{{5}}$';"
            + $"SELECT id,format FROM {databases.Server}.shards ORDER BY id";
        await using var command = new MySqlCommand(sql, connection)
        {
            CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds),
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (there, old) = (new HashSet<ShardId>(), new List<string>());
        while (await reader.ReadAsync(cancellation))
        {
            var database = reader.GetString(0);
            if (reader.GetString(1) == "shard")
                old.Add(database);
            else if (ushort.TryParse(database.AsSpan(databases.Prefix.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out var number))
                there.Add(new ShardId(number));
        }
        if (old.Count > 0)
            throw OfFormat1(old);
        var shards = new List<ShardId>(there.Count);
        try
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                if (new ShardId(reader.GetInt32(0)) is var shard && there.Contains(shard))
                {
                    MySqlSchema.RefuseOthers(shard, reader.GetInt32(1));
                    shards.Add(shard);
                }
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownDatabase)
        {
            // Nobody has made a shard here yet.
        }
        return shards;
    }

    PinfoldException WithoutFence(ShardId shard) => new(ErrorKind.Corrupt,
        $"Shard {shard} has a journal in {databases.Of(shard)} on server {server}, and no row in "
        + $"{databases.Server}.shards: its fence is lost, and a new one would give out its ids and numbers again. Put "
        + "the row back from a backup, or as docs/operating/back-up.md says.")
    { Shard = shard };

    PinfoldException OfFormat1(List<string> old) => new(ErrorKind.Corrupt,
        $"Server {server} has {old.Count} shards of table format 1, such as the database {old.Order().First()}; this "
        + $"program has format {MySqlSchema.Format} and cannot take them over. Begin anew under another "
        + $"\"databasePrefix\" than \"{databases.Prefix}\", or drop these databases if nothing in them is needed.");

    static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = CreateSecondsMax };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
