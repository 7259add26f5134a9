namespace Pinfold.Cli.Output;

/// <summary>A server of the map, as <c>server list --json</c> writes it.</summary>
sealed record ListedServer(
    string Name, string Engine, string Location, int Shards, int OpenShards, string[] Replicas, bool HasCatalog);
