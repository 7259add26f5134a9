using System.Globalization;
using System.Net.Sockets;
using MySqlConnector;

namespace Pinfold.Testing.Servers;

/// <summary>What MariaDB and MySQL have in common as test servers.</summary>
public abstract class DatabaseServer : TestServer
{
    const string User = "pinfold", Password = "pinfold-test";

    private protected DatabaseServer(string name, DatabaseServerOptions options)
        : base(name) => Options = options;

    private protected DatabaseServerOptions Options { get; }

    /// <summary>
    /// For a user with every privilege, over TCP, without TLS (so that a proxy can read along), no database.
    /// </summary>
    public string ConnectionString => NewConnectionString().ConnectionString;

    /// <summary>The same for one database.</summary>
    public string ConnectionStringTo(string database)
    {
        var builder = NewConnectionString();
        builder.Database = database;
        return builder.ConnectionString;
    }

    /// <summary>Makes an empty database with a name that no other has, and gives the name.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t_{Guid.NewGuid():N}");
        await ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4", cancellation);
        return name;
    }

    /// <summary>Runs SQL on a connection of its own, outside any pool.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// The first value of the first row, on a connection of its own; null when there is no row or it is NULL.
    /// </summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new MySqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync(cancellation);
        return value is DBNull ? null : value;
    }

    /// <summary>The options that both servers spell alike.</summary>
    private protected IEnumerable<string> CommonArguments =>
    [
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--performance-schema=OFF",
        $"--init-file={InitPath}",
        $"--max-connections={Options.ConnectionsMax}",
        $"--innodb-buffer-pool-size={Options.BufferPoolMegabytes}M",
        $"--innodb-flush-log-at-trx-commit={(Options.IsDurable ? 1 : 2)}",
        .. Options.BinaryLogServerId is { } id
            ? (string[])["--log-bin=binlog", "--binlog-format=ROW", $"--server-id={id}"]
            : ["--skip-log-bin"],
        .. Options.Arguments,
    ];

    string InitPath => Path.Combine(Folder, "init.sql");

    private protected async Task StartWithUserAsync()
    {
        await File.WriteAllTextAsync(InitPath,
            $"""
            CREATE USER IF NOT EXISTS '{User}'@'127.0.0.1' IDENTIFIED BY '{Password}';
            GRANT ALL PRIVILEGES ON *.* TO '{User}'@'127.0.0.1' WITH GRANT OPTION;

            """);
        await StartOnFreePortAsync();
    }

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            await ExecuteAsync("DO 1");
            return true;
        }
        catch (Exception e) when (e is MySqlException or SocketException or IOException)
        {
            return false;
        }
    }

    async Task<MySqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var builder = NewConnectionString();
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

    MySqlConnectionStringBuilder NewConnectionString() => new()
    {
        Server = "127.0.0.1",
        Port = (uint)Port,
        UserID = User,
        Password = Password,
        SslMode = MySqlSslMode.None,
        AllowPublicKeyRetrieval = true, // MySQL 8 encrypts the password with its own key when there is no TLS
    };
}
