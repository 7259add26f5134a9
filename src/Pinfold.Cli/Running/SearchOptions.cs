using System.CommandLine;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Search.Solr;

namespace Pinfold.Cli.Running;

/// <summary>Where the search index is.</summary>
sealed class SearchOptions
{
    const string Name = "--search";
    const string Variable = "PINFOLD_SEARCH";

    readonly Option<string> _servers = new(Name)
    {
        Description = "The Solr that keeps the search index, such as http://10.0.3.1:8983/solr; nodes of a cloud are "
            + "separated by commas. Without it the index is in the data folder.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) ?? "",
        HelpName = "URL",
    };

    public void AddTo(Command command) => command.Options.Add(_servers);

    /// <exception cref="Sharding.PinfoldException">Invalid: it is no address of a Solr; it says what is.</exception>
    public Action<PinboardSettings> Configure(ParseResult parsed)
    {
        var servers = SolrServer.ParseList(parsed.GetValue(_servers)!, $"{Name} (or {Variable})");
        return settings => settings.SearchServers = servers;
    }
}
