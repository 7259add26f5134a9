using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pinfold.Sharding.Following;

namespace Pinfold.Sharding.Hosting;

/// <summary>
/// Runs the followers for as long as the host runs: those of its own memory in every process, the others where the
/// journal is to be followed.
/// </summary>
sealed class FollowerService(FollowerHost followers, IOptions<PinfoldShardingOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        followers.OfProcess.Start();
        return options.Value.FollowJournal ? followers.StartAsync(cancellationToken) : Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => followers.StopAsync(cancellationToken);
}
