using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>Servers whose sessions begin otherwise than the library needs them.</summary>
public sealed class SessionSettingsTests
{
    /// <summary>What such a server does to every session of a user without administrative privileges.</summary>
    const string Unhelpful = "SET autocommit=0, completion_type=1, unique_checks=0, sql_safe_updates=1, "
        + "sql_select_limit=1";

    static readonly ShardId Shard = new(7);

    [Theory, EveryEngine(IsServer = true)]
    public async Task AServerWithoutAutocommitKeepsWhatItAcknowledged(string engine)
    {
        await using var database = await StartAsync(engine, "--autocommit=0");
        (await database.ScalarAsync("SELECT @@SESSION.autocommit")).ShouldBe(0L);

        await ShouldKeepAsync(database, new MySqlConnectionStringBuilder(database.ConnectionString));
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task WhatAServerRunsAtEachConnectChangesNothing(string engine)
    {
        var statement = $"{Unhelpful}, {(engine == "MySQL" ? "transaction_read_only" : "tx_read_only")}=1";
        await using var database = await StartAsync(engine, $"--init-connect={statement}");
        await database.ExecuteAsync(
            "CREATE USER 'few'@'127.0.0.1' IDENTIFIED BY 'few';"
            + "GRANT ALL PRIVILEGES ON `pinfold%`.* TO 'few'@'127.0.0.1'");
        var few = new MySqlConnectionStringBuilder(database.ConnectionString) { UserID = "few", Password = "few" };
        (await ScalarAsync(few, "SELECT @@SESSION.autocommit+@@SESSION.unique_checks")).ShouldBe(0L);

        await ShouldKeepAsync(database, few);
    }

    /// <summary>What one process wrote, another sees: a commit, and the single statements beside commits.</summary>
    static async Task ShouldKeepAsync(DatabaseServer database, MySqlConnectionStringBuilder connection)
    {
        await using var first = Open(connection);
        await using var second = Open(connection);

        await first.CreateShardAsync(Shard, 1, default);
        await CommitAsync(first, "one");
        await CommitAsync(first, "two");
        await first.Coordination.RenewAsync(Guid.NewGuid(), "first", "names=", TimeSpan.FromMinutes(1), default);

        var objects = new ObjectsRead(Shard, StoreModel.Note.Type, [1, 2]);
        var journal = new JournalRead(Shard, 0, 10);
        await second.ReadAsync([objects, journal], default);
        objects.Rows.ShouldAllBe(row => row != null);
        journal.Rows.Select(row => row.Seq).ShouldBe([1, 2]);
        var leases = await second.Coordination.RenewAsync(
            Guid.NewGuid(), "second", "names=", TimeSpan.FromMinutes(1), default);
        leases.Workers.Count.ShouldBe(2);
        (await database.ScalarAsync("SELECT COUNT(*) FROM information_schema.innodb_trx")).ShouldBe(0L);
    }

    static async Task CommitAsync(MySqlShardServer server, string text)
    {
        var body = StoreModel.Note.Type.Encode(new StoreModel.Note(text));
        var write = new PendingTransaction(TransactionId.New(DateTimeOffset.UnixEpoch), Shard,
            [new CreateObject(StoreModel.Note.Type, 1, body)], 1, DateTimeOffset.UnixEpoch, "[]"u8.ToArray());
        await server.CommitAsync([new ShardCommit(Shard, 1, [write])], default);
    }

    static MySqlShardServer Open(MySqlConnectionStringBuilder connection) => new(
        "db1", new MySqlConnectionStringBuilder(connection.ConnectionString),
        TimeSpan.FromSeconds(30));

    static async Task<object?> ScalarAsync(MySqlConnectionStringBuilder connection, string sql)
    {
        await using var opened = new MySqlConnection($"{connection.ConnectionString};Pooling=False");
        await opened.OpenAsync();
        await using var command = new MySqlCommand(sql, opened);
        return await command.ExecuteScalarAsync();
    }

    static async Task<DatabaseServer> StartAsync(string engine, string argument)
    {
        var options = new DatabaseServerOptions { IsDurable = false, Arguments = [argument] };
        return engine == "MySQL" ? await MySqlServer.StartAsync(options) : await MariaDbServer.StartAsync(options);
    }
}
