using MySqlConnector;
using Pinfold.Testing;
using Pinfold.Testing.Servers;
using Xunit;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>A pinboard on each engine, for tests that take users of their own.</summary>
public sealed class CoverEngines : IAsyncLifetime
{
    readonly TempFolder _folder = new("cover-engines");
    readonly Dictionary<string, TestPinboard> _pinboards = [];

    public static TheoryData<string> Names => [.. (string[])["SQLite"], .. TestServers.Engines];

    internal TestPinboard this[string engine] => _pinboards[engine];

    public async ValueTask InitializeAsync()
    {
        _pinboards["SQLite"] = await TestPinboard.StartAsync();
        foreach (var engine in TestServers.Engines)
        {
            var account = new MySqlConnectionStringBuilder((await TestServers.EngineAsync(engine)).ConnectionString);
            await File.WriteAllTextAsync(_folder[engine], account.Password);
            _pinboards[engine] = await TestPinboard.StartAsync(
                $$"""
                {
                  "version": 1, "shardCount": 2,
                  "servers": [
                    { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{account.Port}},
                      "user": "{{account.UserID}}", "passwordFile": "{{_folder[engine]}}", "tls": "none" },
                  ],
                  "shards": [{ "first": 0, "last": 1, "server": "db", "epoch": 1 }],
                }
                """);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pinboard in _pinboards.Values)
            await pinboard.DisposeAsync();
        _folder.Dispose();
    }
}
