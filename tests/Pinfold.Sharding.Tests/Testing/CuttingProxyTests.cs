using System.Net.Sockets;
using MySqlConnector;
using Pinfold.Testing.Proxy;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class CuttingProxyTests
{
    public static TheoryData<string> Engines => [.. TestServers.Engines];

    [Theory, MemberData(nameof(Engines))]
    public async Task AMultiStatementQueryIsOneRoundTrip(string engine)
    {
        var (_, proxy, connection) = await ConnectAsync(engine);
        await using var _1 = proxy;
        await using var _2 = connection;

        await ExecuteAsync(connection, "DO 1; SELECT 1 UNION SELECT 2; SELECT 3 WHERE FALSE; DO 2");

        proxy.CommandCount.ShouldBe(1);
        proxy.RoundTripCount.ShouldBe(1);
        proxy.Sql.ShouldBe(["DO 1; SELECT 1 UNION SELECT 2; SELECT 3 WHERE FALSE; DO 2"]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task CommandsAreCountedByTheirKind(string engine)
    {
        var (_, proxy, connection) = await ConnectAsync(engine);
        await using var _1 = proxy;
        await using var _2 = connection;

        await connection.PingAsync();
        await using (var command = new MySqlCommand("SELECT @a, 'b'", connection))
        {
            command.Parameters.AddWithValue("a", 42);
            await command.PrepareAsync();
            for (var i = 0; i < 3; i++)
                (await command.ExecuteScalarAsync()).ShouldBe(42L);
        }
        await connection.ResetConnectionAsync();
        await connection.CloseAsync();

        proxy.Count(CommandKind.Ping).ShouldBe(1);
        proxy.Count(CommandKind.PrepareStatement).ShouldBe(1);
        proxy.Count(CommandKind.ExecuteStatement).ShouldBe(3);
        proxy.Count(CommandKind.ResetConnection).ShouldBe(1);
        proxy.ConnectionCount.ShouldBe(0);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task LargeValuesAndManyRowsPassUnchanged(string engine)
    {
        var (server, proxy, connection) = await ConnectAsync(engine);
        await using var _1 = proxy;
        await using var _2 = connection;
        await server.ExecuteAsync("SET GLOBAL max_allowed_packet = 67108864");
        await connection.CloseAsync();
        await connection.OpenAsync();
        var blob = new byte[17_000_000]; // more than one packet holds
        Random.Shared.NextBytes(blob);

        const string Rows = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) "
            + "SELECT a.i FROM n a, n b LIMIT 50000";
        await using var command = new MySqlCommand($"SELECT @blob; {Rows}; SELECT 7", connection)
        {
            CommandTimeout = 180,
        };
        command.Parameters.AddWithValue("blob", blob);
        await using var reader = await command.ExecuteReaderAsync();

        (await reader.ReadAsync()).ShouldBeTrue();
        ((byte[])reader[0]).AsSpan().SequenceEqual(blob).ShouldBeTrue();
        await reader.NextResultAsync();
        var rows = 0;
        while (await reader.ReadAsync())
            rows++;
        rows.ShouldBe(50_000);
        await reader.NextResultAsync();
        (await reader.ReadAsync()).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(7);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task AClientThatPrefersTlsIsReadAllTheSame(string engine)
    {
        var server = await TestServers.EngineAsync(engine);
        await using var proxy = await CuttingProxy.StartAsync(server.Port);
        var builder = new MySqlConnectionStringBuilder(proxy.Through(server.ConnectionString))
        {
            SslMode = MySqlSslMode.Preferred,
            UseCompression = true,
            Pooling = false,
        };
        await using var connection = new MySqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "DO 17");

        proxy.Sql.ShouldContain("DO 17");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task EveryCutLeavesTheWriteDoneOrNotAsItsPlaceSays(string engine)
    {
        var server = await TestServers.EngineAsync(engine);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync($"CREATE TABLE {database}.t (a VARCHAR(20))");
        await using var proxy = await CuttingProxy.StartAsync(server.Port);
        const string Probe = "START TRANSACTION; INSERT INTO t VALUES ('a;b'); COMMIT";

        foreach (var point in CutPoint.EveryPlaceIn(Probe))
        {
            await server.ExecuteAsync($"DELETE FROM {database}.t");
            await using var connection = await OpenAsync(server, proxy, database);
            var cut = proxy.Cut(point with { Matching = command => command.Sql == Probe });

            await Should.ThrowAsync<MySqlException>(() => ExecuteAsync(connection, Probe), point.ToString());

            await cut.Done.WaitAsync(TimeSpan.FromSeconds(30));
            long[] expected = point.Kind switch
            {
                CutKind.BeforeCommand or CutKind.InsideCommand => [0],
                CutKind.AfterStatement when point.Amount < 3 => [0],
                CutKind.WhileRunning => [0, 1],
                _ => [1],
            };
            var rows = (long)(await server.ScalarAsync($"SELECT COUNT(*) FROM {database}.t"))!;
            expected.ShouldContain(rows, point.ToString());
        }
    }

    [Fact]
    public async Task TheRepliesBeforeACutArrive()
    {
        var (_, proxy, connection) = await ConnectAsync("MariaDB");
        await using var _1 = proxy;
        await using var _2 = connection;
        var cut = proxy.Cut(CutPoint.AfterStatementReply(2));

        await using var command = new MySqlCommand("SELECT 1; SELECT 2; SELECT 3", connection);
        await using var reader = await command.ExecuteReaderAsync();

        (await reader.ReadAsync()).ShouldBeTrue();
        (await reader.NextResultAsync()).ShouldBeTrue();
        (await reader.ReadAsync()).ShouldBeTrue();
        reader.GetInt32(0).ShouldBe(2);
        await Should.ThrowAsync<MySqlException>(() => reader.NextResultAsync());
        await cut.Done.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task TheSecondMatchingCommandIsCutAndTheFirstIsNot()
    {
        var (_, proxy, connection) = await ConnectAsync("MariaDB");
        await using var _1 = proxy;
        await using var _2 = connection;
        var cut = proxy.Cut(CutPoint.BeforeReply() with
        {
            Command = 2,
            Matching = command => command.Sql.StartsWith("DO", StringComparison.Ordinal),
        });

        await ExecuteAsync(connection, "DO 1");
        await ExecuteAsync(connection, "SELECT 1");
        cut.IsDone.ShouldBeFalse();
        await Should.ThrowAsync<MySqlException>(() => ExecuteAsync(connection, "DO 2"));
        await cut.Done.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task AServerThatIsNotToldKeepsItsLocks(string engine)
    {
        var server = await TestServers.EngineAsync(engine);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(
            $"CREATE TABLE {database}.t (a INT PRIMARY KEY); INSERT INTO {database}.t VALUES (1)");
        await using var proxy = await CuttingProxy.StartAsync(server.Port);
        await using var connection = await OpenAsync(server, proxy, database);
        const string Locked = "SELECT a FROM t WHERE a = 1 FOR UPDATE NOWAIT";
        proxy.Cut(CutPoint.AfterStatement(2) with { ServerSideStaysOpen = true });

        await Should.ThrowAsync<MySqlException>(
            () => ExecuteAsync(connection, "START TRANSACTION; UPDATE t SET a = 1 + a; COMMIT"));

        await using var other = new MySqlConnection(server.ConnectionStringTo(database));
        await other.OpenAsync();
        await Should.ThrowAsync<MySqlException>(() => ExecuteAsync(other, Locked));
        proxy.DropParted();
        await ExecuteAsync(other, Locked.Replace("NOWAIT", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARefusingProxyLetsOpenConnectionsBeAndAcceptsAgainLater()
    {
        var (server, proxy, connection) = await ConnectAsync("MariaDB");
        await using var _1 = proxy;
        await using var _2 = connection;

        proxy.RefuseConnections();
        await ExecuteAsync(connection, "DO 1");
        await Should.ThrowAsync<MySqlException>(() => OpenAsync(server, proxy));
        proxy.AcceptConnections();
        await using var again = await OpenAsync(server, proxy);
        proxy.CutAll();

        // The driver gives the socket's own exception when it notices while sending.
        (await Should.ThrowAsync<Exception>(() => ExecuteAsync(again, "DO 1")))
            .ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(
                e => (e is MySqlException or SocketException or IOException).ShouldBeTrue(e.ToString()));
    }

    [Fact]
    public async Task ADelayHoldsTheCommandBack()
    {
        var (_, proxy, connection) = await ConnectAsync("MariaDB");
        await using var _1 = proxy;
        await using var _2 = connection;
        proxy.Delay = TimeSpan.FromMilliseconds(60);
        var before = TimeProvider.System.GetTimestamp();

        await ExecuteAsync(connection, "DO 1");

        TimeProvider.System.GetElapsedTime(before).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(50));
    }

    static async Task<(DatabaseServer, CuttingProxy, MySqlConnection)> ConnectAsync(string engine)
    {
        var server = await TestServers.EngineAsync(engine);
        var proxy = await CuttingProxy.StartAsync(server.Port);
        var connection = await OpenAsync(server, proxy);
        proxy.ResetCounts();
        return (server, proxy, connection);
    }

    static async Task<MySqlConnection> OpenAsync(DatabaseServer server, CuttingProxy proxy, string database = "")
    {
        var builder = new MySqlConnectionStringBuilder(server.ConnectionStringTo(database)) { Pooling = false };
        var connection = new MySqlConnection(proxy.Through(builder.ConnectionString));
        await connection.OpenAsync();
        return connection;
    }

    static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
