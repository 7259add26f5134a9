namespace Pinfold.Testing.Servers;

/// <summary>Solr 9, alone or as a node of a cloud: what PINFOLD_SOLR names, or that of the shared folder.</summary>
public sealed class SolrNode : ProgramServer
{
    SolrNode(SolrProgram program)
        : base(program)
    {
    }

    /// <summary>Null where it can run.</summary>
    public static string? WhyNotAvailable => SolrProgram.WhyNotAvailable(InstallationFolder);

    /// <summary>What PINFOLD_SOLR should name for programs that tests run; null when there is none.</summary>
    public static string? InstallationFolder =>
        Environment.GetEnvironmentVariable(SolrProgram.Variable) is { Length: > 0 } folder ? folder
        : SharedData.Root is { } root && Directory.Exists(Path.Combine(root, "solr")) ? Path.Combine(root, "solr")
        : null;

    /// <summary>As <c>--search</c> takes it.</summary>
    public string Address => SolrProgram.Address(Port);

    /// <summary>One that is alone.</summary>
    public static Task<SolrNode> StartAsync() => StartAsync(zooKeeper: null);

    /// <summary>The first node of a cloud, with its ZooKeeper.</summary>
    public static Task<SolrNode> StartCloudAsync() => StartAsync("run");

    /// <summary>One more node of a cloud.</summary>
    public Task<SolrNode> StartBesideAsync() => StartAsync($"127.0.0.1:{Port + 1000}");

    static async Task<SolrNode> StartAsync(string? zooKeeper)
    {
        var node = new SolrNode(new SolrProgram(
            InstallationFolder ?? throw new InvalidOperationException(WhyNotAvailable), zooKeeper));
        await node.StartAsNewAsync();
        return node;
    }
}
