using System.Net.Sockets;
using MySqlConnector;

namespace Pinfold.Lab.Programs;

/// <summary>What MariaDB and MySQL have in common.</summary>
public abstract class DatabaseProgram(DatabaseServerOptions options) : ServerProgram
{
    /// <summary>May do everything, from this machine.</summary>
    public const string User = "pinfold";

    /// <summary>May read the binary log, and nothing else.</summary>
    public const string ReplicationUser = "replication";

    // A cut connection is noticed after so many seconds without a sign of life, and tried again each second.
    private protected const int SilenceSeconds = 4;

    public DatabaseServerOptions Options => options;

    /// <summary>A folder whose <c>data</c> is an empty database.</summary>
    public abstract Task<string> TemplateAsync();

    public override async Task MakeAsync(string folder)
    {
        await Template.CopyAsync(Path.Combine(await TemplateAsync(), "data"), DataPath(folder));
        // Not into the binary log: each server makes its accounts itself, and a replica has none of its own there.
        await File.WriteAllTextAsync(InitPath(folder),
            $"""
            SET sql_log_bin = 0;
            CREATE USER IF NOT EXISTS '{User}'@'127.0.0.1' IDENTIFIED BY '{options.Password}';
            GRANT ALL PRIVILEGES ON *.* TO '{User}'@'127.0.0.1' WITH GRANT OPTION;
            CREATE USER IF NOT EXISTS '{ReplicationUser}'@'127.0.0.1' IDENTIFIED BY '{options.Password}';
            GRANT REPLICATION SLAVE ON *.* TO '{ReplicationUser}'@'127.0.0.1';

            """);
    }

    /// <summary>
    /// For <see cref="User"/>, over TCP, without TLS (so that a proxy can read along), no database.
    /// </summary>
    public MySqlConnectionStringBuilder ConnectionString(int port) => new()
    {
        Server = "127.0.0.1",
        Port = (uint)port,
        UserID = User,
        Password = options.Password,
        SslMode = MySqlSslMode.None,
        AllowPublicKeyRetrieval = true, // MySQL 8 encrypts the password with its own key when there is no TLS
    };

    /// <summary>A connection of its own, outside any pool.</summary>
    public async Task<MySqlConnection> OpenAsync(int port, CancellationToken cancellation = default)
    {
        var builder = ConnectionString(port);
        builder.Pooling = false;
        var connection = new MySqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs SQL on a connection of its own.</summary>
    public async Task ExecuteAsync(int port, string sql, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(port, cancellation);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first value of the first row; null when there is no row or it is NULL.</summary>
    public async Task<object?> ScalarAsync(int port, string sql, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(port, cancellation);
        await using var command = new MySqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync(cancellation);
        return value is DBNull ? null : value;
    }

    public override async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            await ExecuteAsync(port, "DO 1");
            return true;
        }
        catch (Exception e) when (e is MySqlException or SocketException or IOException)
        {
            return false;
        }
    }

    public override async Task<string> ReadVersionAsync(int port) =>
        (string)(await ScalarAsync(port, "SELECT VERSION()"))!;

    private protected static string DataPath(string folder) => Path.Combine(folder, "data");

    /// <summary>The options that both servers spell alike.</summary>
    private protected IEnumerable<string> Arguments(string folder, int port) =>
    [
        $"--user={Environment.UserName}", $"--datadir={DataPath(folder)}",
        "--bind-address=127.0.0.1", $"--port={port}", "--socket=server.sock", "--pid-file=server.pid",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--performance-schema=OFF",
        $"--init-file={InitPath(folder)}",
        $"--max-connections={options.ConnectionsMax}",
        $"--innodb-buffer-pool-size={options.BufferPoolMegabytes}M",
        $"--innodb-flush-log-at-trx-commit={(options.IsDurable ? 1 : 2)}",
        .. options.BinaryLogServerId is { } id
            ? (string[])["--log-bin=binlog", "--binlog-format=ROW", $"--server-id={id}"]
            : ["--skip-log-bin"],
        .. options.GtidDomain is { } domain
            ? [.. GtidArguments(domain), $"--sync-binlog={(options.IsDurable ? 1 : 0)}"] : (string[])[],
        .. options.IsReadOnly ? ["--read-only=ON"] : (string[])[],
        .. options.Arguments,
    ];

    private protected abstract IEnumerable<string> GtidArguments(int domain);

    static string InitPath(string folder) => Path.Combine(folder, "init.sql");
}
