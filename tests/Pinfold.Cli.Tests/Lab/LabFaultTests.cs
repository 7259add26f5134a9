using MySqlConnector;
using Pinfold.Cli.Tests.Running;
using Pinfold.Lab.Fleet;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Lab;

/// <summary>A fleet on MariaDB: what it is, what is served on it, and what clients see when it breaks.</summary>
public sealed class LabFaultTests(MariaDbLab shared) : IClassFixture<MariaDbLab>
{
    TestLab Lab => shared.Lab;

    [Fact]
    public async Task StatusSaysWhatEachServerIs()
    {
        var servers = await Lab.StatusAsync();

        servers.Keys.ShouldBe(["db1", "db1-r1", "db2", "db2-r1", "mc1", "mc2", "redis1"]);
        servers.Values.Select(s => s["state"]!.GetValue<string>()).ShouldAllBe(state => state == "running");
        servers.Values.Select(s => s["version"]!.GetValue<string>()).ShouldAllBe(version => version.Length > 0);
        servers["db1"]["role"]!.GetValue<string>().ShouldBe("primary");
        servers["db2-r1"]["role"]!.GetValue<string>().ShouldBe("replica");
        servers["db2-r1"]["follows"]!.GetValue<string>().ShouldBe("db2");
        servers["db2-r1"]["replicates"]!.GetValue<bool>().ShouldBeTrue();
        servers["db2-r1"]["lagSeconds"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(0);
        (await Lab.RunAsync("status")).ShouldEnd(0).Out.ShouldContain("db2-r1   replica   running");
    }

    [Fact]
    public async Task WhatUpPrintsServes()
    {
        var line = shared.Up.Out.Split('\n').Select(l => l.Trim()).Single(l => l.StartsWith("pinfold serve"));
        await using var served = await Served.StartAsync(
            [.. line.Split(' ').Skip(1), "--urls", "http://127.0.0.1:0", "--no-fetch"], null, null);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        (await ann.MakeBoardAsync("Pots")).Path.ShouldContain("pots");

        (await File.ReadAllTextAsync($"/proc/{served.ProcessId}/maps")).ShouldNotContain("Pinfold.Lab");
        // What was written is on the replicas too, with the accounts of which no transaction tells.
        foreach (var primary in (string[])["db1", "db2"])
            await TestLab.UntilAsync(async () => Equals(
                await Lab.AskAsync(primary, "SELECT @@gtid_binlog_pos"),
                await Lab.AskAsync($"{primary}-r1", "SELECT @@gtid_binlog_pos")));
        (await Lab.AskAsync("db1-r1", "SELECT @@read_only + @@log_slave_updates")).ShouldBe(2L);
        (await served.StopAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task AWriteReachesTheReplica()
    {
        await Lab.AskAsync("db2", "CREATE DATABASE reaches");
        await TestLab.UntilAsync(async () =>
            await Lab.AskAsync("db2-r1", "SHOW DATABASES LIKE 'reaches'") is not null);
    }

    [Fact]
    public async Task ACutIsSilenceUntilItIsHealed()
    {
        await using var open = await Lab.ConnectAsync("db2");
        (await Lab.RunAsync("cut", "db2", "mc1")).ShouldEnd(0).Out.ShouldBe("db2 is cut off.\nmc1 is cut off.\n");
        (await Lab.StateOfAsync("db2")).ShouldBe("cut");
        await using var command = new MySqlCommand("SELECT 42", open);
        var answer = command.ExecuteScalarAsync();
        var refused = await Should.ThrowAsync<MySqlException>(() => Lab.ConnectAsync("db2", timeoutS: 2));
        refused.ErrorCode.ShouldBe(MySqlErrorCode.UnableToConnectToHost);
        answer.IsCompleted.ShouldBeFalse("nothing arrives, and nothing is closed");

        (await Lab.RunAsync("heal", "db2", "mc1")).ShouldEnd(0).Out.ShouldContain("mc1 is well again.");
        (await answer).ShouldBe(42, "what was under way goes on");
        (await MemcachedProgram.AskAsync(Lab.State.Servers.Single(s => s.Name == "mc1").Port, "mn")).ShouldBe("MN");
    }

    [Fact]
    public async Task AReplicaThatIsCutHearsNothingOfItsPrimary()
    {
        (await Lab.RunAsync("cut", "db2-r1")).ShouldEnd(0);
        await Lab.AskAsync("db2", "CREATE DATABASE unheard");
        await Lab.UntilAsync("db2-r1", s => s is { State: LabServerState.Cut, Replication.IsRunning: false });

        (await Lab.RunAsync("heal", "db2-r1")).ShouldEnd(0);
        await TestLab.UntilAsync(async () =>
            await Lab.AskAsync("db2-r1", "SHOW DATABASES LIKE 'unheard'") is not null);
        await Lab.UntilAsync("db2-r1", s => s.Replication is { IsRunning: true });
    }

    [Fact]
    public async Task APausedServerHangsAndGoesOn()
    {
        await using var open = await Lab.ConnectAsync("db2");
        (await Lab.RunAsync("pause", "db2", "redis1")).ShouldEnd(0);
        (await Lab.StateOfAsync("redis1")).ShouldBe("paused");
        await using var command = new MySqlCommand("SELECT 42", open);
        var answer = command.ExecuteScalarAsync();
        await Should.ThrowAsync<MySqlException>(() => Lab.ConnectAsync("db2", timeoutS: 2));
        answer.IsCompleted.ShouldBeFalse();

        (await Lab.RunAsync("heal", "db2", "redis1")).ShouldEnd(0);
        (await answer).ShouldBe(42);
        (await Lab.StateOfAsync("redis1")).ShouldBe("running");
    }

    [Fact]
    public async Task AKilledServerComesBackWithItsDataAndTheOthersStay()
    {
        await Lab.AskAsync("db1", "CREATE DATABASE kept");
        await using var open = await Lab.ConnectAsync("db1");
        var before = Lab.State;
        (await Lab.RunAsync("kill", "db1", "redis1")).ShouldEnd(0);
        await using (var command = new MySqlCommand("SELECT 42", open))
            await Should.ThrowAsync<MySqlException>(() => command.ExecuteScalarAsync());
        await Should.ThrowAsync<MySqlException>(() => Lab.ConnectAsync("db1"));
        var servers = await Lab.StatusAsync();
        servers["db1"]["state"]!.GetValue<string>().ShouldBe("dead");
        servers["db2"]["state"]!.GetValue<string>().ShouldBe("running");
        foreach (var verb in (string[])["kill", "pause", "cut", "heal"])
            (await Lab.RunAsync(verb, "db1")).ShouldRefuse(4, "db1 is dead", "pinfold lab up");

        (await Lab.RunAsync("up")).ShouldEnd(0);
        (await Lab.AskAsync("db1", "SHOW DATABASES LIKE 'kept'")).ShouldBe("kept");
        Lab.State.Servers.Select(s => (s.Name, s.Port)).ShouldBe(before.Servers.Select(s => (s.Name, s.Port)));
        Others(Lab.State).ShouldBe(Others(before), "what ran was left alone");
        await Lab.UntilAsync("db1-r1", s => s is { Follows: "db1", Replication.IsRunning: true });

        static IEnumerable<int> Others(Pinfold.Lab.State.LabState state) =>
            state.Servers.Where(s => s.Name is not ("db1" or "redis1")).Select(s => s.Process!.Id);
    }

    [Fact]
    public async Task AnotherUpChangesNothing()
    {
        var before = Lab.Processes;
        var topology = await File.ReadAllTextAsync(Path.Combine(Lab.Folder, "topology.json"));
        (await Lab.RunAsync("up", "--servers", "2", "--redis", "1")).ShouldEnd(0).Out.ShouldContain("pinfold serve");

        Lab.Processes.ShouldBe(before);
        (await File.ReadAllTextAsync(Path.Combine(Lab.Folder, "topology.json"))).ShouldBe(topology);
        (await Lab.RunAsync("up", "--servers", "1")).ShouldRefuse(4, "has 2 servers");
        (await Lab.RunAsync("up", "--redis", "2")).ShouldRefuse(4, "down --delete");
        (await Lab.RunAsync("up", "--engine", "mysql")).ShouldRefuse(4, "runs MariaDB");
    }

    [Fact]
    public async Task WhoIsNotThereIsSaid()
    {
        (await Lab.RunAsync("kill", "db1", "db9")).ShouldRefuse(3, "\"db9\"", "db1, db1-r1, db2");
        (await Lab.StateOfAsync("db1")).ShouldBe("running", "nothing was done of the half");
    }
}
