using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pinfold.Cli.Tests.Running;
using Pinfold.Lab.State;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Lab;

/// <summary>Labs begin, grow, and end without a trace.</summary>
public sealed class LabLifeTests
{
    [Fact]
    public async Task ALabEndsExactlyItsProcessesAndComesBackAsItWas()
    {
        await using var lab = new TestLab();
        (await lab.RunAsync("up", "--servers", "1", "--memcached", "0")).ShouldEnd(0);
        await lab.AskAsync("db1", "CREATE DATABASE kept");
        var (before, processes) = (lab.State, lab.Processes);
        processes.Count.ShouldBe(2, "a database and the relay");
        (await lab.RunAsync("pause", "db1")).ShouldEnd(0);
        (await lab.RunAsync("down")).ShouldEnd(0).Out.ShouldBe("2 processes have ended.\n");
        processes.ShouldAllBe(process => !process.IsAlive);
        (await File.ReadAllTextAsync(Path.Combine(lab.Folder, "db1", ServerLaunch.LogName)))
            .ShouldContain("Shutdown complete");
        (await lab.RunAsync("down")).ShouldEnd(0).Out.ShouldBe("Nothing of it ran.\n");

        // The kernel gives the number of an ended process to another one.
        using var other = Process.Start("sleep", "600");
        Change(lab, state => state.With(state.Servers[0] with { Process = processes[0] with { Id = other.Id } }));
        (await lab.RunAsync("down")).ShouldEnd(0);
        other.HasExited.ShouldBeFalse();
        other.Kill();

        using (new Listener(before.Servers[0].OwnPort))
            (await lab.RunAsync("up")).ShouldRefuse(5, $"Port {before.Servers[0].OwnPort}", "db1", "is taken");
        using (new Listener(before.Servers[0].Port))
            (await lab.RunAsync("up")).ShouldRefuse(5, $"Port {before.Servers[0].Port}", "db1", "is taken");
        // It grows, by a server and replicas; one of a primary with data gets all of it.
        (await lab.RunAsync("up", "--servers", "2", "--replicas", "1")).ShouldEnd(0)
            .Out.ShouldContain("pinfold server add db2 --address 127.0.0.1:");
        lab.State.Servers.Single(s => s.Name == "db1").Port.ShouldBe(before.Servers[0].Port);
        await TestLab.UntilAsync(async () =>
            await lab.AskAsync("db1-r1", "SHOW DATABASES LIKE 'kept'") is not null);
        // One that was promoted stays so, though it was made to follow.
        foreach (var sql in (string[])["STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF"])
            await lab.AskAsync("db1-r1", sql);
        (await lab.RunAsync("kill", "db1-r1")).ShouldEnd(0);
        (await lab.RunAsync("up")).ShouldEnd(0);
        (await lab.AskAsync("db1-r1", "SELECT @@read_only")).ShouldBe(0L);
        (await lab.StatusAsync())["db1-r1"]["role"]!.GetValue<string>().ShouldBe("primary");
        processes = lab.Processes;
        (await lab.RunAsync("down", "--delete")).ShouldEnd(0).Out.ShouldContain("is gone");
        processes.ShouldAllBe(process => !process.IsAlive);
        Directory.Exists(lab.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task AnInterruptedStartIsMadeAnew()
    {
        await using var lab = new TestLab();
        (await lab.RunAsync("up", "--servers", "1", "--memcached", "0")).ShouldEnd(0);
        var unmade = lab.Processes.Single(p => p == lab.State.Servers[0].Process);
        Change(lab, state => state.With(state.Servers[0] with { IsMade = false }));
        File.Delete(Path.Combine(lab.Folder, "db1", "data", "ibdata1"));

        (await lab.RunAsync("up")).ShouldEnd(0);
        unmade.IsAlive.ShouldBeFalse();
        (await lab.AskAsync("db1", "SELECT 42")).ShouldBe(42);
    }

    [Fact]
    public async Task OnMySqlReplicasFollowAndComeBack()
    {
        Assert.SkipWhen(MySqlServer.WhyNotAvailable is not null, MySqlServer.WhyNotAvailable ?? "");
        await using var lab = new TestLab();
        (await lab.RunAsync("up", "--engine", "mysql", "--servers", "1", "--replicas", "1", "--memcached", "0"))
            .ShouldEnd(0);
        (await lab.AskAsync("db1", "SELECT @@gtid_executed")).ShouldBe("", "accounts are no transactions");
        await lab.AskAsync("db1", "CREATE DATABASE reaches");
        await TestLab.UntilAsync(async () =>
            await lab.AskAsync("db1-r1", "SHOW DATABASES LIKE 'reaches'") is not null);
        (await lab.AskAsync("db1-r1", "SELECT @@super_read_only + @@log_replica_updates")).ShouldBe(2L);

        (await lab.RunAsync("kill", "db1", "db1-r1")).ShouldEnd(0);
        (await lab.RunAsync("up")).ShouldEnd(0);
        await lab.UntilAsync("db1-r1", s => s is { Role: "replica", Follows: "db1", Replication.IsRunning: true });
        (await lab.AskAsync("db1-r1", "SELECT @@super_read_only")).ShouldBe(1L);
        (await lab.AskAsync("db1", "SELECT @@read_only")).ShouldBe(0L);
    }

    [Fact]
    public async Task SolrIsSearchedWhereUpSays()
    {
        Assert.SkipWhen(SolrNode.WhyNotAvailable is not null, SolrNode.WhyNotAvailable ?? "");
        await using var lab = new TestLab();
        var up = (await lab.RunAsync("up", "--servers", "1", "--memcached", "0", "--solr", "1", "--json")).ShouldEnd(0);
        var serve = up.Json["serve"]!.AsArray().Select(word => word!.GetValue<string>()).ToList();
        using var http = new HttpClient();
        var page = await http.GetStringAsync(
            new Uri($"{serve[serve.IndexOf("--search") + 1]}/admin/info/system?wt=json"));
        page.ShouldContain(lab.State.Servers.Single(s => s.Kind == LabKind.Solr).Version);
    }

    static void Change(TestLab lab, Func<LabState, LabState> change)
    {
        using var folder = LabFolder.Open(lab.Folder);
        folder.Change(change);
    }

    /// <summary>Another program that has a port.</summary>
    sealed class Listener : IDisposable
    {
        readonly TcpListener _listener;

        public Listener(int port)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
        }

        public void Dispose() => _listener.Dispose();
    }
}
