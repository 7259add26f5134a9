using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Topology;

namespace Pinfold.Cli.Server;

/// <summary><c>pinfold server list</c>: the servers of the map, and what is on each.</summary>
static class ServerListCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var json = OutputOption.Create();
        var command = new Command("list", "Lists the servers: where each is, and how many shards it has.") { json };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, (services, _) =>
        {
            var map = services.GetRequiredService<ITopologySource>().Current;
            ListedServer[] servers = [.. map.Servers.Select(server => Listed(map, server))];
            if (parsed.GetValue(json))
                OutputOption.WriteJson(servers, CliJson.Default.ListedServerArray);
            else
                OutputOption.WriteTable(["server", "engine", "where", "shards", "open", "replicas", "catalog"],
                    servers.Select(s => (string[])
                    [
                        s.Name, s.Engine, s.Location, $"{s.Shards}", $"{s.OpenShards}", string.Join(", ", s.Replicas),
                        s.HasCatalog ? "here" : "",
                    ]));
            return Task.FromResult(ExitCodes.Done);
        }, cancellation));
        return command;
    }

    static ListedServer Listed(TopologyMap map, ServerSpec server)
    {
        var shards = map.ShardsOn(server.Name);
        return new ListedServer(
            server.Name, server is SqliteServerSpec ? "sqlite" : "mysql", server.Location, shards.Count,
            shards.Count(shard => map.Shard(shard).Open),
            server is MySqlServerSpec mysql ? [.. mysql.Replicas.Select(replica => $"{replica}")] : [],
            map.CatalogServer?.Name == server.Name);
    }
}
