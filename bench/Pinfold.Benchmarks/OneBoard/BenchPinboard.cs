using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Hosting;
using Pinfold.Sharding.Provisioning;
using Pinfold.Testing;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.OneBoard;

/// <summary>A pinboard that nobody follows: embedded, or on a server that was just started.</summary>
sealed class BenchPinboard : IAsyncDisposable
{
    readonly TempFolder _folder = new("bench-pinboard");
    DatabaseServer? _server;
    Installation? _installation;
    ServiceProvider? _services;

    /// <summary>Starts what it needs, and makes the shards.</summary>
    public async Task OpenAsync(string engine)
    {
        if (engine != "sqlite")
            await WriteTopologyAsync(_server = await BenchServers.StartAsync(engine));
        _installation = await Installation.OpenAsync(
            _folder["data"], _server is null ? null : _folder["topology.json"], NullLoggerFactory.Instance, default);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPinboard(_installation, settings => settings.FetchFromWeb = false);
        _services = services.BuildServiceProvider();
        await Get<ShardProvisioner>().EnsureAsync();
    }

    public T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        if (_installation is not null)
            await _installation.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    async Task WriteTopologyAsync(DatabaseServer server)
    {
        var account = new MySqlConnectionStringBuilder(server.ConnectionString);
        await File.WriteAllTextAsync(_folder["password"], account.Password);
        await File.WriteAllTextAsync(_folder["topology.json"],
            $$"""
            {
              "version": 1, "shardCount": {{Installation.EmbeddedShards}},
              "servers": [
                { "name": "db", "engine": "mysql", "host": "127.0.0.1", "port": {{account.Port}},
                  "user": "{{account.UserID}}", "passwordFile": "{{_folder["password"]}}", "tls": "none" },
              ],
              "shards": [{ "first": 0, "last": {{Installation.EmbeddedShards - 1}}, "server": "db", "epoch": 1 }],
            }
            """);
    }
}
