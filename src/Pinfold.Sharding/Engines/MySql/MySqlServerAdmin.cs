using System.Globalization;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>A MySQL or MariaDB as its operators see it.</summary>
sealed class MySqlServerAdmin(MySqlShardServer server) : IServerAdmin
{
    static readonly Version MySqlMin = new(8, 0), MariaDbMin = new(10, 6);

    /// <summary>No shard has this number, so nobody's data is there.</summary>
    string Scratch => string.Create(CultureInfo.InvariantCulture, $"{server.Databases.Prefix}99999");

    public async ValueTask<ServerFacts> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await server.Sessions.OpenAsync(cancellation);
            var isMariaDb = MySqlShardServer.IsMariaDb(connection);
            RefuseOld(connection.ServerVersion, isMariaDb);
            await ProbeRightsAsync(connection, cancellation);
            return new ServerFacts(isMariaDb ? "MariaDB" : "MySQL", connection.ServerVersion,
                await server.ListShardsAsync(cancellation));
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.DatabaseAccessDenied
            or MySqlErrorCode.TableAccessDenied)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"Server {server.Name} does not let this user make and change databases that begin with "
                + $"{server.Databases.Prefix}: {e.Message}. docs/operating/grow-to-servers.md says what to grant.", e);
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new PinfoldException(ErrorKind.Unavailable, MySqlErrors.OfOpening(server.Name, e), e);
        }
    }

    async Task ProbeRightsAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var sql = $"""
            DROP DATABASE IF EXISTS {Scratch};
            CREATE DATABASE {Scratch} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
            CREATE TABLE {Scratch}.probe (id INT NOT NULL PRIMARY KEY, n INT) ENGINE=InnoDB;
            INSERT INTO {Scratch}.probe VALUES (1,1);
            UPDATE {Scratch}.probe SET n=2;
            SELECT n FROM {Scratch}.probe;
            DELETE FROM {Scratch}.probe;
            ALTER TABLE {Scratch}.probe ADD COLUMN more INT;
            RENAME TABLE {Scratch}.probe TO {Scratch}.probed;
            DROP DATABASE {Scratch}
            """;
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    void RefuseOld(string version, bool isMariaDb)
    {
        // MariaDB may call itself "5.5.5-10.11.6-MariaDB" to old clients.
        var text = version.Replace("5.5.5-", "", StringComparison.Ordinal).Split('-')[0];
        var min = isMariaDb ? MariaDbMin : MySqlMin;
        if (Version.TryParse(text, out var its) && its < min)
            throw PinfoldException.Invalid(
                $"Server {server.Name} is {(isMariaDb ? "MariaDB" : "MySQL")} {text}: shards need {min} or newer.");
    }
}
