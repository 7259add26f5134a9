using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Cli.Follower;

/// <summary><c>pinfold follower retry NAME [ENTRY]</c>: has what is parked tried again now.</summary>
static class FollowerRetryCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = FollowerArgument.Create();
        var entry = new Argument<string?>("ENTRY")
        {
            Description = "Which entry, such as 7:1234; without it all that are parked and not skipped.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "retry", "Has parked entries tried again at once, by the processes that run the follower.") { name, entry };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var follower = parsed.GetValue(name)!;
            EntryName? only = parsed.GetValue(entry) is { } text ? EntryName.Parse(text) : null;
            await FollowerArgument.ReadAsync(services.GetRequiredService<FollowerStatusReader>(), follower, token);
            var parked = services.GetRequiredService<ParkedEntries>();
            if (only is not { } one)
                Console.WriteLine(await parked.RetryAllNowAsync(follower, token) is var count and not 0
                    ? $"{count} entries of {follower} are tried again where it runs."
                    : $"{follower} has nothing parked.");
            else if (await parked.RetryNowAsync(one.Shard, follower, one.Seq, token))
                Console.WriteLine($"{one} of {follower} is tried again where it runs.");
            else
                throw NotParked(one, follower);
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }

    internal static PinfoldException NotParked(EntryName entry, string follower) => new(
        ErrorKind.NotFound,
        $"{follower} has not parked {entry}; \"pinfold follower show {follower}\" says what it has.");
}
