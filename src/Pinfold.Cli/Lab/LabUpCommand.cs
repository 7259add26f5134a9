using System.CommandLine;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Lab.Fleet;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Cli.Lab;

/// <summary><c>pinfold lab up</c>: a real fleet in a folder of this machine.</summary>
static class LabUpCommand
{
    static readonly Option<int?> Servers = Count("--servers", "Database servers, 2 when nothing is said.");
    static readonly Option<int?> Replicas = Count("--replicas", "Replicas of each of them, 0 when nothing is said.");
    static readonly Option<int?> Memcacheds = Count("--memcached", "Memcached servers, 1 when nothing is said.");
    static readonly Option<int?> Redises = Count(
        "--redis", "Redis servers, 0 when nothing is said; three have a role each.");
    static readonly Option<int?> Solrs = Count("--solr", "1 for a Solr, of which PINFOLD_SOLR names the folder.");
    static readonly Option<int?> Shards = Count("--shards", "Shards of the topology, 64 when nothing is said.");

    static readonly Option<string?> Engine = new("--engine")
    {
        Description = "mariadb (when nothing is said) or mysql, of which MYSQL_SERVER names the folder.",
        HelpName = "ENGINE",
    };

    public static Command Create()
    {
        var folder = LabFolderOption.Create();
        var json = OutputOption.Create();
        var command = new Command("up",
            "Starts a fleet on this machine, or what of it does not run, and says how to serve on it.")
        {
            Servers, Replicas, Memcacheds, Redises, Solrs, Engine, Shards, folder, json,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed, parsed.GetValue(folder)!.FullName, parsed.GetValue(json), cancellation));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, string folder, bool isJson, CancellationToken cancellation)
    {
        OwnFiles.CloseToOthers();
        var wish = new LabWish(ParseEngine(parsed.GetValue(Engine)), parsed.GetValue(Servers),
            parsed.GetValue(Replicas), parsed.GetValue(Memcacheds), parsed.GetValue(Redises), parsed.GetValue(Solrs),
            parsed.GetValue(Shards));
        var added = await LabFleet.UpAsync(
            folder, wish, LabFolderOption.CommandOf(LabRelayCommand.Verb, folder), cancellation);
        using var lab = LabFolder.Look(folder);
        LabOutput.Write(lab, await LabStatus.ReadAsync(lab, cancellation), isJson);
        if (!isJson)
            LabOutput.WriteWhatNext(lab, added);
        return ExitCodes.Done;
    }

    static LabEngine? ParseEngine(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "mariadb" => LabEngine.MariaDb,
        "mysql" => LabEngine.MySql,
        _ => throw new PinfoldException(ErrorKind.Invalid, $"--engine {text} is not right; mariadb or mysql is."),
    };

    static Option<int?> Count(string name, string description) =>
        new(name) { Description = description, HelpName = "NUMBER" };
}
