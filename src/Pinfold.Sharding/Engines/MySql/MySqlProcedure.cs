using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The one stored procedure, in the server-wide database of each MySQL server: it runs the statements of a commit.
/// MariaDB needs none.
/// </summary>
/// <remarks>
/// The statements are prepared one by one as they come, so that it does for every shard and every model. It keeps the
/// SQL mode of the session that made it, which is a strict one. What it does is part of its name: a later version of
/// this program that needs another one makes that beside it.
/// </remarks>
static class MySqlProcedure
{
    const string Name = "commit_1";

    /// <summary>What it is called by.</summary>
    public static string NameIn(DatabaseNames databases) => $"{databases.Server}.{Name}";

    /// <summary>Whether a commit failed, before anything of it was done, because there is no such procedure.</summary>
    public static bool IsMissing(MySqlException e) =>
        e.ErrorCode == MySqlErrorCode.StoredProcedureDoesNotExist
        && e.Message.Contains(Name, StringComparison.Ordinal);

    /// <summary>Makes it, unless it is there; one round trip.</summary>
    /// <param name="connection">A session with the settings that the library relies on.</param>
    /// <param name="databases">What the server's databases are called.</param>
    /// <param name="server">The server's name in the topology, for the error.</param>
    /// <param name="timeout">Of the round trip, whole seconds.</param>
    public static async ValueTask CreateAsync(
        MySqlConnection connection, DatabaseNames databases, string server, TimeSpan timeout)
    {
        try
        {
            await using var command = new MySqlCommand(Sql(databases), connection)
            {
                CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds),
            };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.StoredProcedureAlreadyExists)
        {
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.DatabaseAccessDenied
            or MySqlErrorCode.PrecedureAccessDenied or MySqlErrorCode.SpecifiedAccessDeniedError)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Server {server} lacks the procedure {NameIn(databases)}, and this user may not make it: "
                + $"GRANT CREATE, CREATE ROUTINE, EXECUTE ON `{databases.Server}`.* to it. Nothing was changed.", e);
        }
    }

    static string Sql(DatabaseNames databases) => $"""
        CREATE DATABASE IF NOT EXISTS {databases.Server} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
        CREATE PROCEDURE {NameIn(databases)}(IN statements LONGTEXT CHARACTER SET latin1) SQL SECURITY INVOKER
        COMMENT 'Runs the statements of a commit, each ended by a semicolon; the last is COMMIT'
        BEGIN
          DECLARE start, stop INT DEFAULT 1;
          START TRANSACTION;
          WHILE start <= LENGTH(statements) DO
            SET stop = LOCATE(';', statements, start);
            SET @q = SUBSTRING(statements, start, stop - start);
            SET start = stop + 1;
            PREPARE q FROM @q;
            EXECUTE q;
          END WHILE;
        END
        """;
}
