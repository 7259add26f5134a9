using System.Net;
using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Lab.Programs;

/// <summary>
/// Solr 9 out of a folder with a program <c>solr</c> that takes <c>--port</c> and <c>--home</c>, alone or as a node of
/// a cloud.
/// </summary>
public sealed class SolrProgram(string folder, string? zooKeeper = null) : ServerProgram
{
    public const string Variable = "PINFOLD_SOLR";

    const string ConfigSet = "pinfold-v1";
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public override string Name => "solr";

    /// <summary>As <c>--search</c> takes it.</summary>
    public static string Address(int port) => $"http://127.0.0.1:{port}/solr";

    /// <summary>Null where it can run; else what is missing, in a sentence.</summary>
    public static string? WhyNotAvailable(string? folder) =>
        folder is null ? $"{Variable} names no folder with a Solr."
        : !File.Exists(Path.Combine(folder, "solr"))
            ? $"{folder} has no Solr: it should have a program solr that takes --port and --home."
        : Executable.Find("java") is null
            ? "Solr needs Java, and there is none on this machine: \"apt-get install default-jre-headless\" brings it."
        : null;

    /// <exception cref="PinfoldException">Unavailable: there is none; it says what is missing.</exception>
    public static SolrProgram Get(string? folder) => WhyNotAvailable(folder) is { } reason
        ? throw new PinfoldException(ErrorKind.Unavailable, reason) : new SolrProgram(folder!);

    public override Task MakeAsync(string home)
    {
        // On a server that is alone, whoever runs it lays the configuration down; in a cloud it is sent.
        if (zooKeeper is null)
            Copy(Path.Combine(folder, "configsets", "plain"), Path.Combine(home, "home", "configsets", ConfigSet));
        return Task.CompletedTask;
    }

    public override IReadOnlyList<string> Command(string home, int port) =>
    [
        Path.Combine(folder, "solr"), "--port", $"{port}", "--home", Path.Combine(home, "home"),
        .. zooKeeper is null ? (string[])[] : ["--zk", zooKeeper],
    ];

    public override IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string> { ["SOLR_HEAP"] = "-Xmx384m" };

    public override async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            using var answer = await Http.GetAsync(SystemPage(port));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public override async Task<string> ReadVersionAsync(int port)
    {
        using var page = JsonDocument.Parse(await Http.GetStringAsync(SystemPage(port)));
        return page.RootElement.GetProperty("lucene").GetProperty("solr-spec-version").GetString()!;
    }

    static Uri SystemPage(int port) => new($"{Address(port)}/admin/info/system?wt=json");

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
