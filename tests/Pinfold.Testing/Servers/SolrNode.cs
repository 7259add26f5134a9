using System.Net;

namespace Pinfold.Testing.Servers;

/// <summary>Solr 9 from the shared folder, alone or as a node of a cloud.</summary>
public sealed class SolrNode : TestServer
{
    const string ConfigSet = "pinfold-v1";
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    readonly string? _zooKeeper;

    SolrNode(string? zooKeeper)
        : base("solr") => _zooKeeper = zooKeeper;

    /// <summary>Null where it can run.</summary>
    public static string? WhyNotAvailable => Program is null
        ? $"{SharedData.Variable} names no folder with a Solr." : null;

    /// <summary>As <c>--search</c> takes it.</summary>
    public string Address => $"http://127.0.0.1:{Port}/solr";

    /// <summary>One that is alone.</summary>
    public static Task<SolrNode> StartAsync() => StartAsync(zooKeeper: null);

    /// <summary>The first node of a cloud, with its ZooKeeper.</summary>
    public static Task<SolrNode> StartCloudAsync() => StartAsync("run");

    /// <summary>One more node of a cloud.</summary>
    public Task<SolrNode> StartBesideAsync() => StartAsync($"127.0.0.1:{Port + 1000}");

    static async Task<SolrNode> StartAsync(string? zooKeeper)
    {
        var node = new SolrNode(zooKeeper);
        // On a server that is alone, whoever runs it lays the configuration down; in a cloud it is sent.
        if (zooKeeper is null)
            Copy(Path.Combine(SharedData.Root!, "solr", "configsets", "plain"),
                Path.Combine(node.Folder, "home", "configsets", ConfigSet));
        await node.StartOnFreePortAsync();
        return node;
    }

    static string? Program => SharedData.Root is { } root && File.Exists(Path.Combine(root, "solr", "solr"))
        ? Path.Combine(root, "solr", "solr") : null;

    private protected override IReadOnlyList<string> Command =>
    [
        Program!, "--port", $"{Port}", "--home", Path.Combine(Folder, "home"),
        .. _zooKeeper is null ? (string[])[] : ["--zk", _zooKeeper],
    ];

    private protected override IReadOnlyDictionary<string, string> EnvironmentVariables =>
        new Dictionary<string, string> { ["SOLR_HEAP"] = "-Xmx384m" };

    private protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"{Address}/admin/info/system?wt=json"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
