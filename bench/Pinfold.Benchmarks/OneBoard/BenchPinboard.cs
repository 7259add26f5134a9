using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
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
        var topology = engine == "sqlite" ? null : await BenchServers.WriteTopologyAsync(
            _server = await BenchServers.StartAsync(engine), _folder);
        _installation = await Installation.OpenAsync(_folder["data"], topology, NullLoggerFactory.Instance, default);
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
}
