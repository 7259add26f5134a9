using System.CommandLine;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Catalog;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Topology;

/// <summary><c>pinfold topology diff FROM [TO]</c>: the lines in which two versions of the map differ.</summary>
static class TopologyDiffCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var from = new Argument<string>("FROM") { Description = "A version, or a file." };
        var to = new Argument<string?>("TO")
        {
            Description = "A version, or a file; without it, what is in use.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("diff", "Shows the lines in which two versions of the map differ.") { from, to };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var before = await ReadAsync(services, parsed.GetValue(from)!, token);
            var after = parsed.GetValue(to) is { } named ? await ReadAsync(services, named, token)
                : services.GetRequiredService<ITopologySource>().Current;
            var (old, now) = (Lines(before), Lines(after));
            // A range and a server are a line each, so what is in one alone is what differs.
            foreach (var line in old.Except(now))
                Console.WriteLine($"- {line}");
            foreach (var line in now.Except(old))
                Console.WriteLine($"+ {line}");
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static async Task<TopologyMap> ReadAsync(IServiceProvider services, string named, CancellationToken cancellation) =>
        long.TryParse(named, out var version)
            ? (await services.GetRequiredService<TopologyHistory>().GetAsync(version, cancellation)).Map
            : (await TopologyFile.ReadAsync(named, loaded: null, cancellation)).GetMap();

    static List<string> Lines(TopologyMap map) =>
        [.. Encoding.UTF8.GetString(map.ToJson().Span).Split('\n').Select(line => line.Trim(' ', ','))];
}
