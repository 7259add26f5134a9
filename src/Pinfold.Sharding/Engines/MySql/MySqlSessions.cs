using System.Collections.Concurrent;
using System.Data;
using MySqlConnector;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>
/// The connection pool of one server. A session that it hands out has the settings on which the fence relies, and no
/// open transaction; it may yet turn out to be dead, since asking before each use would cost a round trip.
/// </summary>
sealed class MySqlSessions : IAsyncDisposable
{
    // What a server's configuration or its init_connect may have set otherwise, and a commit or a read would not bear:
    // without autocommit a single statement stays uncommitted, a chained transaction has no fence, a LIMIT that is not
    // in the text cuts answers short. The ROLLBACK comes first, since switching autocommit on commits what is open; the
    // chain is taken off before it, or it would begin another transaction.
    // A procedure or trigger of another database looks to the driver like a USE, after which it would reset the session
    // before each use of it; so the server is told not to tell.
    const string SettingsSql =
        "SET SESSION completion_type=NO_CHAIN;ROLLBACK;" +
        "SET SESSION autocommit=1,SESSION unique_checks=1,SESSION sql_safe_updates=0," +
        "SESSION sql_select_limit=18446744073709551615," +
        "SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'," +
        "SESSION innodb_lock_wait_timeout=5,SESSION session_track_schema=OFF;" +
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED,READ WRITE";

    // By the server's number for the session: those whose settings were not made, or whose transaction may be open.
    readonly ConcurrentDictionary<int, bool> _unfit = new();
    readonly int _timeoutSeconds;

    /// <param name="connection">Host, port, user, password and size; what the library relies on is set here.</param>
    /// <param name="timeout">The longest to wait for a connection, and for an answer on it.</param>
    public MySqlSessions(MySqlConnectionStringBuilder connection, TimeSpan timeout)
    {
        _timeoutSeconds = (int)Math.Ceiling(timeout.TotalSeconds);
        connection.AllowUserVariables = true;
        connection.UseAffectedRows = true;
        connection.ConnectionReset = false;
        connection.Pooling = true;
        connection.ApplicationName = "pinfold";
        connection.ConnectionTimeout = (uint)_timeoutSeconds;
        connection.Database = "";
        Max = (int)connection.MaximumPoolSize;
        Source = new MySqlDataSourceBuilder(connection.ConnectionString)
            .UseConnectionOpenedCallback((context, _) => MakeFitAsync(context))
            .Build();
    }

    /// <summary>The most sessions that there can be at once.</summary>
    public int Max { get; }

    public MySqlDataSource Source { get; }

    /// <summary>A session; disposing gives it back, if it is alive.</summary>
    /// <remarks>
    /// Opening is left alone when <paramref name="cancellation"/> comes: the driver would put the new session into
    /// the pool before its settings are made.
    /// </remarks>
    public async ValueTask<MySqlConnection> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var opening = Source.OpenConnectionAsync(CancellationToken.None);
        if (opening.IsCompleted || !cancellation.CanBeCanceled)
            return await opening;
        var opened = opening.AsTask();
        try
        {
            return await opened.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            _ = GiveBackAsync(opened);
            throw;
        }
    }

    /// <summary>A connection that comes when nobody waits for it any more.</summary>
    static async Task GiveBackAsync(Task<MySqlConnection> opened)
    {
        try
        {
            await (await opened).DisposeAsync();
        }
        catch (Exception e) when (e is MySqlException or IOException or System.Net.Sockets.SocketException)
        {
            // It did not come, which is as well.
        }
    }

    /// <summary>
    /// Whether what failed with <paramref name="e"/> has cost the connection, so that another may do better.
    /// </summary>
    public static bool IsLost(MySqlConnection connection, Exception e) =>
        connection.State != ConnectionState.Open
            && e is not MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired };

    /// <summary>After a lost connection: where a server was restarted, every idle session has died with it.</summary>
    public async ValueTask DropDeadAsync()
    {
        for (var i = 0; i < Max; i++)
        {
            try
            {
                await using var connection = await OpenAsync(CancellationToken.None);
                try
                {
                    await ExecuteAsync(connection, "DO 0");
                    return;
                }
                catch (Exception e) when (MySqlErrors.IsOfServer(e) && IsLost(connection, e))
                {
                }
            }
            catch (Exception e) when (MySqlErrors.IsOfServer(e))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Ends the transaction that may be open; when that fails, the session is not used before it is done.
    /// </summary>
    public async ValueTask RollBackAsync(MySqlConnection connection)
    {
        try
        {
            if (connection.State == ConnectionState.Open)
                await ExecuteAsync(connection, "ROLLBACK");
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            Distrust(connection);
        }
    }

    /// <summary>Has the session made fit again before its next use.</summary>
    public void Distrust(MySqlConnection connection)
    {
        if (connection.State == ConnectionState.Open)
            _unfit.TryAdd(connection.ServerThread, true);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    async ValueTask MakeFitAsync(MySqlConnectionOpenedContext context)
    {
        var number = context.Connection.ServerThread;
        if (context.Conditions == MySqlConnectionOpenedConditions.None && !_unfit.ContainsKey(number))
            return;
        _unfit.TryAdd(number, true);
        await ExecuteAsync(context.Connection, SettingsSql);
        _unfit.TryRemove(number, out _);
    }

    async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = _timeoutSeconds };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
