using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Retention;

namespace Pinfold.Cli.Follower;

/// <summary>
/// <c>pinfold follower rebuilt NAME</c>: one that was made anew goes on where the journals begin that were trimmed.
/// </summary>
static class FollowerRebuiltCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = FollowerArgument.Create();
        var command = new Command(
            "rebuilt", "Has a follower that was made anew go on, where the journal was trimmed beyond its place.")
        {
            name,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var follower = parsed.GetValue(name)!;
            await FollowerArgument.ReadAsync(services.GetRequiredService<FollowerStatusReader>(), follower, token);
            var moved = await services.GetRequiredService<FollowerPlaces>().GoOnFromBeginAsync(follower, token);
            Console.WriteLine(moved.Count == 0 ? $"{follower} has nothing missing; nothing was changed."
                : $"{follower} goes on where the journals of {moved.Count} shards begin, within five minutes.");
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
