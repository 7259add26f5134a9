using MySqlConnector;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.MySql;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>What a database user must be allowed, and what is there after a server was filled from a dump.</summary>
public sealed class GrantTests
{
    const string MySql = "MySQL";
    static readonly ShardId Shard = new(7);

    [Theory, EveryEngine(IsServer = true)]
    public async Task TheGrantsOfTheDocsAreEnough(string engine)
    {
        await using var database = await StartAsync(engine);
        await using var server = await OpenAsync(database, await GrantsOfTheDocsAsync());

        await server.CreateShardAsync(Shard, 1, default);

        (await CommitAsync(server)).Seq.ShouldBe(1);
        (await server.ListShardsAsync(default)).ShouldBe([Shard]);
        await server.Coordination.RenewAsync(Guid.NewGuid(), "somebody", "names=", TimeSpan.FromSeconds(15), default);
    }

    [Fact]
    public async Task AUserWhoMayNotMakeTheProcedureIsToldWhatToGrant()
    {
        await using var database = await StartAsync(MySql);
        var grants = (await GrantsOfTheDocsAsync()).Replace(", CREATE ROUTINE", "", StringComparison.Ordinal);
        await using var server = await OpenAsync(database, grants);

        var error = await Should.ThrowAsync<PinfoldException>(
            () => server.CreateShardAsync(Shard, 1, default).AsTask());

        error.Message.ShouldContain("GRANT CREATE, CREATE ROUTINE, EXECUTE ON `pinfold`.*");
    }

    [Fact]
    public async Task AWriteThatMayNotMakeTheProcedureDidNotHappenAndSaysWhatToGrant()
    {
        await using var database = await StartAsync(MySql);
        await using var server = await OpenAsync(database, await GrantsOfTheDocsAsync());
        await server.CreateShardAsync(Shard, 1, default);
        await database.ExecuteAsync(
            "DROP PROCEDURE pinfold.commit_1; REVOKE CREATE ROUTINE ON `pinfold`.* FROM 'few'@'127.0.0.1'");

        var error = await Should.ThrowAsync<CommitFailedException>(() => CommitAsync(server));

        error.Failure.ShouldBe(CommitFailure.Refused);
        error.Message.ShouldContain("GRANT CREATE, CREATE ROUTINE, EXECUTE ON `pinfold`.*");
    }

    [Fact]
    public async Task AWriteMakesTheProcedureThatItsServerLacks()
    {
        await using var database = await StartAsync(MySql);
        await using var server = await OpenAsync(database, await GrantsOfTheDocsAsync());
        await server.CreateShardAsync(Shard, 1, default);
        await CommitAsync(server);

        await database.ExecuteAsync("DROP PROCEDURE pinfold.commit_1");

        (await CommitAsync(server)).Seq.ShouldBe(2);
    }

    [Theory, EveryEngine(IsServer = true)]
    public async Task AServerThatHasLostItsFencesTakesNoWriteAndHasNoShard(string engine)
    {
        await using var database = await StartAsync(engine);
        await using var server = await OpenAsync(database, await GrantsOfTheDocsAsync());
        await server.CreateShardAsync(Shard, 1, default);

        await database.ExecuteAsync("DROP DATABASE pinfold");

        (await Should.ThrowAsync<CommitFailedException>(() => CommitAsync(server)))
            .Failure.ShouldBe(CommitFailure.Fenced);
        (await server.ListShardsAsync(default)).ShouldBeEmpty();
    }

    static async Task<DatabaseServer> StartAsync(string engine)
    {
        if (engine != MySql)
            return await MariaDbServer.StartAsync();
        if (MySqlServer.WhyNotAvailable is { } reason)
            Assert.Skip(reason);
        return await MySqlServer.StartAsync();
    }

    static async Task<MySqlShardServer> OpenAsync(DatabaseServer database, string grants)
    {
        await database.ExecuteAsync(grants);
        var connection = new MySqlConnectionStringBuilder(database.ConnectionString)
        {
            UserID = "few",
            Password = "few",
        };
        return new MySqlShardServer("db1", connection, TimeSpan.FromSeconds(30));
    }

    static async Task<CommitReceipt> CommitAsync(MySqlShardServer server)
    {
        var body = StoreModel.Note.Type.Encode(new StoreModel.Note("few"));
        var write = new PendingTransaction(TransactionId.New(DateTimeOffset.UnixEpoch), Shard,
            [new CreateObject(StoreModel.Note.Type, 1, body)], 1, DateTimeOffset.UnixEpoch, "[]"u8.ToArray());
        return (await server.CommitAsync([new ShardCommit(Shard, 1, [write])], default))[0];
    }

    static async Task<string> GrantsOfTheDocsAsync()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Style.Repository.Current.Root, "docs/operating/grow-to-servers.md"));
        var start = page.IndexOf("CREATE USER", StringComparison.Ordinal);
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)]
            .Replace("'pinfold'@'10.%'", "'few'@'127.0.0.1'", StringComparison.Ordinal)
            .Replace("…", "few", StringComparison.Ordinal);
    }
}
