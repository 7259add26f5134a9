using MySqlConnector;
using Pinfold.Sharding.Topology;

namespace Pinfold.Sharding.Engines.MySql;

/// <summary>A MySQL 8 or MariaDB 10.6+ primary: a database per shard, one connection pool for all of them.</summary>
sealed class MySqlShardServer : IShardServer
{
    readonly MySqlSessions _sessions;
    readonly MySqlShards _shards;
    readonly TimeSpan _timeout;

    /// <param name="name">Its name in the topology.</param>
    /// <param name="connection">Host, port, user and password; what the library relies on is set here.</param>
    /// <param name="timeout">The longest that one round trip may take, whole seconds.</param>
    /// <param name="databases">What its databases are called; null for the default.</param>
    public MySqlShardServer(string name, MySqlConnectionStringBuilder connection, TimeSpan timeout,
        DatabaseNames? databases = null)
    {
        Name = name;
        Databases = databases ?? DatabaseNames.Default;
        FollowerTables = new MySqlFollowerTables(this);
        (Coordination, Cursors) =
            (new MySqlCoordination(this, FollowerTables), new MySqlCursors(this, FollowerTables));
        Trim = new MySqlJournalTrim(this, FollowerTables);
        FirstStart = new MySqlFirstStartMark(this);
        (Catalog, Admin) = (new MySqlCatalogDatabase(this), new MySqlServerAdmin(this));
        Copies = new MySqlShardCopies(this);
        _timeout = timeout;
        _sessions = new MySqlSessions(connection, timeout);
        _shards = new MySqlShards(_sessions, name, Databases, timeout);
    }

    /// <summary>The server of a topology; its password is read now.</summary>
    public static async Task<MySqlShardServer> OpenAsync(MySqlServerSpec spec, TimeSpan timeout) =>
        new(spec.Name, new MySqlConnectionStringBuilder
        {
            Server = spec.Address.Host,
            Port = (uint)spec.Address.Port,
            UserID = spec.User,
            Password = spec.Password is null ? "" : await spec.Password.ReadAsync(CancellationToken.None),
            MaximumPoolSize = (uint)spec.ConnectionsMax,
            SslMode = spec.Tls switch
            {
                TlsMode.None => MySqlSslMode.None,
                TlsMode.Preferred => MySqlSslMode.Preferred,
                TlsMode.Required => MySqlSslMode.Required,
                TlsMode.VerifyCa => MySqlSslMode.VerifyCA,
                _ => MySqlSslMode.VerifyFull,
            },
            // Without TLS, MySQL 8's default authentication needs the server's key; it is asked for only then.
            AllowPublicKeyRetrieval = spec.Tls is TlsMode.None or TlsMode.Preferred,
        }, timeout, spec.Databases);

    public string Name { get; }

    public bool CommitsAcrossShards => true;

    public bool ReadsAreTrips => true;

    public ICoordination Coordination { get; }

    public ICursors Cursors { get; }

    public IJournalTrim Trim { get; }

    public IFirstStartMark FirstStart { get; }

    public ICatalogDatabase Catalog { get; }

    public IServerAdmin Admin { get; }

    public IShardCopies Copies { get; }

    internal MySqlFollowerTables FollowerTables { get; }

    internal DatabaseNames Databases { get; }

    internal MySqlSessions Sessions => _sessions;

    internal MySqlDataSource Source => _sessions.Source;

    internal TimeSpan Timeout => _timeout;

    internal static bool IsMariaDb(MySqlConnection connection) =>
        connection.ServerVersion.Contains("MariaDB", StringComparison.Ordinal);

    public async ValueTask ReadAsync(IReadOnlyList<ShardRead> reads, CancellationToken cancellation)
    {
        if (reads.Count == 0)
            return;
        try
        {
            // Each attempt that fails so takes a dead session out of the pool; there are not more than it holds.
            for (var triesLeft = _sessions.Max; !await TryReadAsync(reads, triesLeft, cancellation); triesLeft--)
            {
            }
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw MySqlErrors.OfRead(this, reads, e);
        }
    }

    public async ValueTask<CommitReceipt[]> CommitAsync(
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation)
    {
        MySqlConnection connection;
        try
        {
            connection = await _sessions.OpenAsync(cancellation);
        }
        catch (Exception e) when (MySqlErrors.IsOfServer(e))
        {
            throw new CommitFailedException(CommitFailure.NotSent, MySqlErrors.OfOpening(Name, e), e);
        }
        CommitFailedException failed;
        bool isLost;
        await using (connection)
        {
            // Outside of what follows: of what cannot be written nothing was sent.
            var batch = MySqlCommit.Build(commits, IsMariaDb(connection), Databases);
            try
            {
                return await SendAsync(connection, batch, commits, cancellation);
            }
            catch (Exception e)
            {
                var (failure, at) = await MySqlFailedCommit.RollBackAsync(
                    _sessions, connection, Databases, commits, e);
                failed = new CommitFailedException(failure, $"Server {Name}: {e.Message}", e) { At = at };
                isLost = MySqlSessions.IsLost(connection, e);
            }
        }
        if (isLost)
            await _sessions.DropDeadAsync();
        throw failed;
    }

    public ValueTask CreateShardAsync(ShardId shard, long epoch, CancellationToken cancellation) =>
        _shards.CreateAsync(shard, epoch, cancellation);

    public ValueTask<IReadOnlyList<ShardId>> ListShardsAsync(CancellationToken cancellation) =>
        _shards.ListAsync(cancellation);

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    /// <summary>False if the connection was lost before any answer came, and another may be tried.</summary>
    async ValueTask<bool> TryReadAsync(IReadOnlyList<ShardRead> reads, int triesLeft, CancellationToken cancellation)
    {
        await using var connection = await _sessions.OpenAsync(cancellation);
        await using var command = MySqlReads.Build(reads, Databases).ToCommand(connection, _timeout);
        MySqlDataReader reader;
        try
        {
            reader = await command.ExecuteReaderAsync(cancellation);
        }
        catch (Exception e) when (triesLeft > 0 && MySqlErrors.IsOfServer(e) && MySqlSessions.IsLost(connection, e))
        {
            return false;
        }
        await using (reader)
            await MySqlReads.ReadAnswersAsync(reader, reads, cancellation);
        return true;
    }

    async ValueTask<CommitReceipt[]> SendAsync(MySqlConnection connection, MySqlBatch batch,
        IReadOnlyList<ShardCommit> commits, CancellationToken cancellation)
    {
        await using var command = batch.ToCommand(connection, _timeout);
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                await reader.ReadAsync(cancellation);
                return MySqlCommit.Receipts(reader.GetString(0), commits);
            }
            catch (MySqlException e) when (isFirst && MySqlProcedure.IsMissing(e))
            {
                // As on a server that was filled from a dump.
                await MySqlProcedure.CreateAsync(connection, Databases, Name, _timeout);
            }
        }
    }
}
