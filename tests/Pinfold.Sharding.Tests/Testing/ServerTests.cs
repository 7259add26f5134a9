using System.Diagnostics;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class ServerTests
{
    public static TheoryData<string> Engines => [.. TestServers.Engines];

    [Fact]
    public async Task MariaDbStartsOnLoopbackAndIsMariaDb()
    {
        var server = await TestServers.MariaDbAsync();

        (await server.ScalarAsync("SELECT VERSION()")).ShouldBeOfType<string>().ShouldContain("MariaDB");
        (await server.ScalarAsync("SELECT @@innodb_flush_log_at_trx_commit")).ShouldBe(2UL, "nobody kills it");
    }

    [Fact]
    public async Task MySqlStartsOnLoopbackAndIsMySql8()
    {
        Assert.SkipWhen(MySqlServer.WhyNotAvailable is not null, MySqlServer.WhyNotAvailable ?? "");
        var server = await TestServers.MySqlAsync();

        (await server.ScalarAsync("SELECT VERSION()")).ShouldBeOfType<string>().ShouldStartWith("8.");
        (await server.ScalarAsync("SELECT @@innodb_flush_log_at_trx_commit")).ShouldBe(2UL, "nobody kills it");
    }

    [Fact]
    public async Task SharedServersAreStartedOnceHoweverManyAskAtTheSameTime()
    {
        var servers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => TestServers.MariaDbAsync(1))));

        servers.Distinct().Count().ShouldBe(1);
        servers[0].Port.ShouldNotBe((await TestServers.MariaDbAsync(0)).Port);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task AKilledServerComesBackOnItsPortWithWhatWasCommitted(string engine)
    {
        await using DatabaseServer server = engine == "MySQL"
            ? await MySqlServer.StartAsync()
            : await MariaDbServer.StartAsync();
        var port = server.Port;
        (await server.ScalarAsync("SELECT @@innodb_flush_log_at_trx_commit")).ShouldBe(1UL, "it may be killed");
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync($"CREATE TABLE {database}.t (a INT); INSERT INTO {database}.t VALUES (42)");

        await server.KillAsync();
        await server.RestartAsync();

        server.Port.ShouldBe(port);
        (await server.ScalarAsync($"SELECT a FROM {database}.t")).ShouldBe(42);
    }

    [Fact]
    public async Task AStoppedMemcachedComesBackOnItsPort()
    {
        await using var server = await MemcachedServer.StartAsync();
        var port = server.Port;

        await server.StopAsync();
        server.IsRunning.ShouldBeFalse();
        await server.RestartAsync();

        server.IsRunning.ShouldBeTrue();
        server.Port.ShouldBe(port);
    }

    [Fact]
    public async Task SpiderIsLoadedWhenAskedFor()
    {
        await using var server = await MariaDbServer.StartAsync(new() { LoadsSpider = true });

        (await server.ScalarAsync("SELECT COUNT(*) FROM information_schema.engines WHERE engine = 'SPIDER'"))
            .ShouldBe(1L);
    }

    [Fact]
    public async Task ADisposedServerIsGoneWithItsFolder()
    {
        var server = await MariaDbServer.StartAsync();
        var (processId, folder) = (server.ProcessId, server.Folder);

        await server.DisposeAsync();

        Directory.Exists(folder).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Process.GetProcessById(processId));
    }

    [Fact]
    public async Task AServerThatCannotStartSaysWhyFromItsLog()
    {
        var error = await Should.ThrowAsync<ServerStartException>(
            () => MariaDbServer.StartAsync(new() { Arguments = ["--no-such-option"] }));

        error.Message.ShouldContain("no-such-option");
    }
}
