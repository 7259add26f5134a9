using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pinfold.Sharding.Following;

namespace Pinfold.Sharding.Hosting;

/// <summary>Runs the followers for as long as the host runs.</summary>
sealed class FollowerService(FollowerHost followers, IOptions<PinfoldShardingOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.FollowJournal ? followers.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        options.Value.FollowJournal ? followers.StopAsync(cancellationToken) : Task.CompletedTask;
}
