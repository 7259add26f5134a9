using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Search;
using Pinfold.Sharding.Store;

namespace Pinfold.Cli.Search;

/// <summary><c>pinfold search status</c>: the indexes there are, and how much of the shards is in them.</summary>
static class SearchStatusCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var search = new SearchOptions();
        var json = OutputOption.Create();
        var command = new Command(
            "status", "Lists the search indexes: which serves, how much is in it, from how many shards.") { json };
        search.AddTo(command);
        installation.AddTo(command);
        command.SetAction((parsed, stop) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var engine = services.GetRequiredService<ISearchEngine>();
            var shards = services.GetRequiredService<ShardedStore>().Topology.ShardCount;
            var indexes = (await engine.StatusAsync(token)).Select(index => new ListedIndex(
                engine.Name, index.Name, index.Serves, index.Documents, index.Places.Values.Count(p => p.IsFilled),
                shards)).ToArray();
            if (parsed.GetValue(json))
                OutputOption.WriteJson(indexes, CliJson.Default.ListedIndexArray);
            else if (indexes.Length == 0)
                Console.WriteLine("There is no search index yet; serve makes it, or pinfold search rebuild.");
            else
                OutputOption.WriteTable(
                    ["index", "engine", "serves", "found in it", "filled from"],
                    indexes.Select(i => (string[])
                        [i.Name, i.Engine, i.Serves ? "yes" : "no", $"{i.Documents:N0}",
                            $"{i.FilledShards} of {i.Shards} shards"]));
            return ExitCodes.Done;
        }, stop, search.Configure(parsed)));
        return command;
    }
}
