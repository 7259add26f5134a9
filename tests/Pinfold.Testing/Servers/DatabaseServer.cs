using System.Globalization;
using MySqlConnector;

namespace Pinfold.Testing.Servers;

/// <summary>What MariaDB and MySQL have in common as test servers.</summary>
public abstract class DatabaseServer : ProgramServer
{
    readonly DatabaseProgram _program;

    private protected DatabaseServer(DatabaseProgram program) : base(program) => _program = program;

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
    public Task ExecuteAsync(string sql, CancellationToken cancellation = default) =>
        _program.ExecuteAsync(Port, sql, cancellation);

    /// <summary>
    /// The first value of the first row, on a connection of its own; null when there is no row or it is NULL.
    /// </summary>
    public Task<object?> ScalarAsync(string sql, CancellationToken cancellation = default) =>
        _program.ScalarAsync(Port, sql, cancellation);

    MySqlConnectionStringBuilder NewConnectionString() => _program.ConnectionString(Port);
}
