using System.Text.Json.Nodes;
using MySqlConnector;
using Pinfold.Cli.Tests.Running;
using Pinfold.Lab.Fleet;
using Pinfold.Lab.State;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Shouldly;

namespace Pinfold.Cli.Tests.Lab;

/// <summary>A lab of the real executable, ended with the test or, if that fails to, with the process.</summary>
public sealed class TestLab : IAsyncDisposable
{
    static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1), PollInterval = TimeSpan.FromMilliseconds(100);

    readonly TempFolder _folder = new("lab");

    public string Folder => _folder["lab"];

    /// <summary>What the lab knows of itself.</summary>
    public LabState State
    {
        get
        {
            using var lab = LabFolder.Look(Folder);
            return lab.State;
        }
    }

    /// <summary>Every process that it has started and that is there.</summary>
    public IReadOnlyList<ProcessIdentity> Processes =>
        [.. State.Servers.Select(s => s.Process).Append(State.Relay).OfType<ProcessIdentity>().Where(p => p.IsAlive)];

    internal Task<Finished> RunAsync(params string[] words) => RunAsync(words, new Dictionary<string, string>());

    internal async Task<Finished> RunAsync(string[] words, Dictionary<string, string> variables)
    {
        if (MySqlServer.InstallationFolder is { } mySql)
            variables.TryAdd(MySqlInstallation.Variable, mySql);
        if (SolrNode.InstallationFolder is { } solr)
            variables.TryAdd(SolrProgram.Variable, solr);
        string[] all = ["lab", .. words, "--folder", Folder];
        using var process = PinfoldProgram.Start(all, variables);
        var finished = await PinfoldProgram.FinishAsync(process, all);
        if (File.Exists(Path.Combine(Folder, LabFolder.StateName)))
            foreach (var started in Processes)
                Watchdog.Watch(started.Id);
        return finished;
    }

    /// <summary>The servers of <c>lab status --json</c> by name.</summary>
    internal async Task<Dictionary<string, JsonObject>> StatusAsync() =>
        (await RunAsync("status", "--json")).ShouldEnd(0).Json["servers"]!.AsArray()
            .ToDictionary(s => s!["name"]!.GetValue<string>(), s => s!.AsObject());

    internal async Task<string> StateOfAsync(string name) =>
        (await StatusAsync())[name]["state"]!.GetValue<string>();

    /// <summary>Waits until a server is as it should come to be.</summary>
    internal Task UntilAsync(string name, Func<ServerStatus, bool> isSo) => UntilAsync(async () =>
    {
        using var lab = LabFolder.Look(Folder);
        return isSo((await LabStatus.ReadAsync(lab, CancellationToken.None)).Single(s => s.Server.Name == name));
    });

    internal static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!await isSo())
            await Task.Delay(PollInterval, limit.Token);
    }

    /// <summary>As a client reaches it: through the port that the topology names.</summary>
    internal async Task<MySqlConnection> ConnectAsync(string name, uint timeoutS = 30)
    {
        using var lab = LabFolder.Look(Folder);
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)lab.Get(name).Port,
            UserID = DatabaseProgram.User,
            Password = lab.Password,
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            ConnectionTimeout = timeoutS,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    internal async Task<object?> AskAsync(string name, string sql)
    {
        await using var connection = await ConnectAsync(name);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
        {
            var before = Processes;
            (await RunAsync("down", "--delete")).ShouldEnd(0);
            foreach (var ended in before)
                Watchdog.Forget(ended.Id);
        }
        _folder.Dispose();
    }
}
