using System.Net;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing.Servers;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>What is not in docs/reference/configuration.md configures nothing.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task OnlyWhatIsDocumentedIsHeeded()
    {
        await using var place = Place.Embedded();
        var ports = Enumerable.Range(0, 12).Select(_ => LoopbackPort.FindFree()).Distinct().ToList();
        var next = 0;
        string Elsewhere() => $"http://0.0.0.0:{ports[next++]}";
        Directory.CreateDirectory(place["content"]);
        Directory.CreateDirectory(place["content/wwwroot"]);
        await File.WriteAllTextAsync(place["content/wwwroot/planted.txt"], "planted");
        var settings = $$"""
            { "urls": "{{Elsewhere()}}", "AllowedHosts": "nobody.example", "ForwardedHeaders_Enabled": true,
              "Kestrel": { "Endpoints": { "Http": { "Url": "{{Elsewhere()}}" } } },
              "Logging": { "LogLevel": { "Default": "Trace", "Microsoft": "Trace" } } }
            """;
        foreach (var name in (string[])["appsettings.json", "appsettings.Production.json", "hosting.json"])
            await File.WriteAllTextAsync(place[$"content/{name}"], settings);
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Elsewhere(),
            ["DOTNET_URLS"] = Elsewhere(),
            ["URLS"] = Elsewhere(),
            ["ASPNETCORE_HTTP_PORTS"] = $"{ports[next++]}",
            ["HTTP_PORTS"] = $"{ports[next++]}",
            ["Kestrel__Endpoints__Http__Url"] = Elsewhere(),
            ["ASPNETCORE_Kestrel__Endpoints__Http__Url"] = Elsewhere(),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_CONTENTROOT"] = place["content"],
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = "No.Such.Assembly",
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
            ["AllowedHosts"] = "nobody.example",
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__Console__FormatterName"] = "json",
            ["PINFOLD_NO_SUCH"] = "x",
        };
        string[] inContent = ["env", "-C", place["content"]];
        await using var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch"), variables, inContent);

        ListenersOf(served.ProcessId).ShouldBe([$"127.0.0.1:{served.Address.Port}"]);
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync("/sign-in")).ShouldBe(HttpStatusCode.OK);
        (await anybody.GetAsync("/planted.txt")).ShouldBe(HttpStatusCode.NotFound);
        (await anybody.GetAsync("/pin/no-id")).ShouldBe(HttpStatusCode.NotFound).Text.ShouldNotContain("Exception");
        var (code, log) = await served.StopAsync();
        code.ShouldBe(0, log);
        log.ShouldNotContain("dbug:");
        log.ShouldNotContain("warn:");
        log.ShouldNotContain("{\"");
    }

    [Fact]
    public async Task ACommandReadsNoFileOfTheFolderItRunsIn()
    {
        await using var place = Place.Embedded();
        Directory.CreateDirectory(place["content"]);
        await File.WriteAllTextAsync(place["content/appsettings.json"], "{ this is no JSON");
        (await PinfoldProgram.RunAsync(place.Words("user", "add", "ann"), $"{Place.Password}\n",
            ["env", "-C", place["content"], "Logging__LogLevel__Default=Trace"])).ShouldEnd(0)
            .Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheVariablesOfOpenTelemetryStillCount()
    {
        await using var place = Place.Embedded();
        using var collector = new Collector();
        await using var served = await Served.StartAsync(place, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "pins-of-this-test",
        });
        (await collector.NextAsync()).ShouldContain("pins-of-this-test");
    }

    /// <summary>The addresses at which a process listens, as the kernel has them.</summary>
    static List<string> ListenersOf(int processId)
    {
        var inodes = Directory.GetFiles($"/proc/{processId}/fd")
            .Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(t => t.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(t => t["socket:[".Length..^1]).ToHashSet();
        return [.. ((string[])["tcp", "tcp6"])
            .SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f[3] == "0A" && inodes.Contains(f[9])).Select(f => Address(f[1]))];
    }

    static string Address(string hex)
    {
        var parts = hex.Split(':');
        var bytes = Convert.FromHexString(parts[0]);
        for (var i = 0; i < bytes.Length; i += 4)
            Array.Reverse(bytes, i, 4);
        return $"{new IPEndPoint(new IPAddress(bytes), Convert.ToInt32(parts[1], 16))}";
    }

    /// <summary>Takes what is exported over HTTP.</summary>
    sealed class Collector : IDisposable
    {
        readonly HttpListener _listener = new();

        public Collector()
        {
            Address = $"http://127.0.0.1:{LoopbackPort.FindFree()}/";
            _listener.Prefixes.Add(Address);
            _listener.Start();
        }

        public string Address { get; }

        public async Task<string> NextAsync()
        {
            var context = await _listener.GetContextAsync().WaitAsync(TimeSpan.FromMinutes(1));
            using var reader = new StreamReader(context.Request.InputStream, System.Text.Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            context.Response.Close();
            return text;
        }

        public void Dispose() => _listener.Close();
    }
}
