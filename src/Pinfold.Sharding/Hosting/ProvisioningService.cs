using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Sharding.Provisioning;

namespace Pinfold.Sharding.Hosting;

/// <summary>Makes the shards of a new installation before any other service of the host starts.</summary>
sealed partial class ProvisioningService(ShardProvisioner provisioner, ILogger<ProvisioningService> log)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var made = (await provisioner.EnsureAsync(cancellation: cancellationToken)).Missing.Count;
        if (made > 0)
            LogMade(log, made);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(151, LogLevel.Information, "This is a new installation: {Made} shards were made.")]
    static partial void LogMade(ILogger log, int made);
}
