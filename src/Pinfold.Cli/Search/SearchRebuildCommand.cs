using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Search.Indexing;

namespace Pinfold.Cli.Search;

/// <summary><c>pinfold search rebuild</c>: makes the search index anew while the one before serves.</summary>
static class SearchRebuildCommand
{
    /// <summary>In which the work is counted.</summary>
    const double Total = 1000;

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var search = new SearchOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "rebuild", "Makes the search index anew while the one before serves, and has it serve then. Interrupted, "
            + "run it again.") { json };
        search.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, stop) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var name = "";
            await Progress.RunAsync("Index", Total, async progress =>
                name = await services.GetRequiredService<IndexRebuild>().RunAsync(progress, token));
            if (parsed.GetValue(json))
                OutputOption.WriteJson(new RebuiltIndex(name), CliJson.Default.RebuiltIndex);
            else
                Console.WriteLine($"The index {name} serves now.");
            return ExitCodes.Done;
        }, stop, search.Configure(parsed), changesShards: true));
        return command;
    }
}
