using MySqlConnector;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Pinboard.Tests;

/// <summary>A pinboard on each engine, for tests that take users of their own.</summary>
public sealed class PinboardEngines : IAsyncLifetime
{
    readonly TempFolder _folder = new("pinboard-engines");
    readonly Dictionary<string, TestPinboard> _pinboards = [];
    readonly Dictionary<string, string> _topologies = [];

    public static TheoryData<string> Names => [.. (string[])["SQLite"], .. TestServers.Engines];

    /// <summary>Those that several processes can share.</summary>
    public static TheoryData<string> ServerNames => [.. TestServers.Engines];

    internal TestPinboard this[string engine] => _pinboards[engine];

    public async ValueTask InitializeAsync()
    {
        _pinboards["SQLite"] = await TestPinboard.StartAsync();
        foreach (var engine in TestServers.Engines)
        {
            var account = new MySqlConnectionStringBuilder((await TestServers.EngineAsync(engine)).ConnectionString);
            await File.WriteAllTextAsync(_folder[engine], account.Password);
            _topologies[engine] =
                $$"""
                {
                  "version": 1, "shardCount": 2, "databasePrefix": "{{DatabasePrefix.Next()}}",
                  "servers": [
                    { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{account.Port}},
                      "user": "{{account.UserID}}", "passwordFile": "{{_folder[engine]}}", "tls": "none" },
                  ],
                  "shards": [{ "first": 0, "last": 1, "server": "db", "epoch": 1 }],
                }
                """;
            _pinboards[engine] = await StartAnotherAsync(engine);
        }
    }

    /// <summary>Over the same shards, with a cache of its own, as another process would be.</summary>
    internal Task<TestPinboard> StartAnotherAsync(string engine) => TestPinboard.StartAsync(_topologies[engine]);

    /// <summary>One whose followers do not run, so that what it asks is what its callers ask.</summary>
    internal Task<TestPinboard> StartQuietAsync(string engine) =>
        engine == "SQLite" ? TestPinboard.StartAsync() : StartAnotherAsync(engine);

    public async ValueTask DisposeAsync()
    {
        foreach (var pinboard in _pinboards.Values)
            await pinboard.DisposeAsync();
        _folder.Dispose();
    }
}
