using Pinfold.Cli.Output;
using Pinfold.Lab.Fleet;
using Pinfold.Lab.Programs;
using Pinfold.Lab.State;

namespace Pinfold.Cli.Lab;

/// <summary>Writes how a lab is, and what to do with it.</summary>
static class LabOutput
{
    public static void Write(LabFolder lab, IReadOnlyList<ServerStatus> servers, bool isJson)
    {
        if (isJson)
        {
            OutputOption.WriteJson(
                new ShownLab(lab.Path, lab.TopologyPath, ServeWords(lab), [.. servers.Select(Listed)]),
                CliJson.Default.ShownLab);
            return;
        }
        OutputOption.WriteTable(
            ["server", "role", "state", "port", "version", "follows", "replication", "lag", "process"],
            servers.Select(Listed).Select(s => (string[])
            [
                s.Name, s.Role, s.State, $"{s.Port}", s.Version, s.Follows ?? "",
                s.Replicates switch { true => "runs", false => "stands", null => "" },
                s.LagSeconds is { } lag ? $"{lag} s" : "", s.ProcessId is { } id ? $"{id}" : "",
            ]));
        foreach (var server in servers.Select(Listed).Where(s => s.Problem.Length > 0))
            Console.WriteLine($"{server.Name}: {server.Problem}");
        if (!lab.State.HasRelay() && servers.Any(s => s.State != LabServerState.Dead))
            Console.WriteLine("The lab's relay has ended, and nothing reaches its servers: \"lab up\" starts it.");
    }

    public static void WriteWhatNext(LabFolder lab, IReadOnlyList<LabServer> added)
    {
        foreach (var server in added.Where(s => s is { Kind: LabKind.Database, Of: null }))
            Console.WriteLine($"{server.Name} is not in the topology yet. To take it in:\n  {Line([
                "pinfold", "server", "add", server.Name, "--address", $"127.0.0.1:{server.Port}", "--user",
                DatabaseProgram.User, "--password-file", lab.PasswordPath, "--tls", "none",
                .. Installation(lab)])}");
        Console.WriteLine($"To serve on it:\n  {Line(ServeWords(lab))}");
        var folder = Line(["--folder", lab.Path]);
        Console.WriteLine($"To see, break and end it:\n  pinfold lab status {folder}\n  pinfold lab kill "
            + $"{lab.State.Servers[0].Name} {folder}\n  pinfold lab down {folder}");
    }

    static string[] ServeWords(LabFolder lab) =>
    [
        "pinfold", "serve", .. Installation(lab),
        .. lab.State.OfKind(LabKind.Solr).SelectMany(s => (string[])["--search", SolrProgram.Address(s.Port)]),
    ];

    static string[] Installation(LabFolder lab) => ["--topology", lab.TopologyPath, "--data", lab.DataPath];

    /// <summary>As a shell takes it.</summary>
    static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(word =>
        word.All(c => char.IsLetterOrDigit(c) || "-_./:=,+@".Contains(c, StringComparison.Ordinal))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    static ListedLabServer Listed(ServerStatus status) => new(
        status.Server.Name, status.Role, status.State.ToString().ToLowerInvariant(), status.Server.Port,
        status.Server.Version, status.Follows, status.Replication?.IsRunning,
        (long?)status.Replication?.Lag?.TotalSeconds, status.Replication?.Problem ?? "",
        status.State == LabServerState.Dead ? null : status.Server.Process?.Id);
}
