using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Follower;

/// <summary><c>pinfold follower skip NAME ENTRY --reason TEXT</c>: has a parked entry not tried any more.</summary>
static class FollowerSkipCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = FollowerArgument.Create();
        var entry = new Argument<string>("ENTRY") { Description = "Which entry, such as 7:1234." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; \"follower show\" says it to whoever looks later.",
            Required = true,
            HelpName = "TEXT",
        };
        var command = new Command(
            "skip", "Has a parked entry not tried any more. It is kept with the reason; retry takes it up again.")
        {
            name, entry, reason,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var (follower, which) = (parsed.GetValue(name)!, EntryName.Parse(parsed.GetValue(entry)!));
            await FollowerArgument.ReadAsync(services.GetRequiredService<FollowerStatusReader>(), follower, token);
            if (!await services.GetRequiredService<ParkedEntries>()
                .SkipAsync(which.Shard, follower, which.Seq, parsed.GetValue(reason)!, token))
                throw FollowerRetryCommand.NotParked(which, follower);
            Console.WriteLine($"{which} of {follower} is not tried any more.");
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
