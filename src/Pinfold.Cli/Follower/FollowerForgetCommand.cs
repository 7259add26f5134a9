using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;
using Pinfold.Sharding.Retention;

namespace Pinfold.Cli.Follower;

/// <summary><c>pinfold follower forget NAME</c>: nothing is kept any more for one that no program has.</summary>
static class FollowerForgetCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = FollowerArgument.Create();
        var yes = new Option<bool>("--yes") { Description = "Do not ask whether it is meant." };
        var command = new Command(
            "forget", "Takes away the places of a follower that no program has any more, and what it has parked.")
        {
            name, yes,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.LookAsync(
            parsed, installation, async (services, token) =>
        {
            var follower = parsed.GetValue(name)!;
            var places = await FollowerArgument.ReadAsync(
                services.GetRequiredService<FollowerStatusReader>(), follower, token);
            if (!parsed.GetValue(yes) && !IsMeant(follower, places))
            {
                Console.Error.WriteLine("Nothing was changed.");
                return ExitCodes.Wrong;
            }
            var forgotten = await services.GetRequiredService<FollowerPlaces>().ForgetAsync(follower, token);
            Console.WriteLine($"{follower} is forgotten; it had a place on {forgotten} shards.");
            return ExitCodes.Done;
        }, cancellation, HasAll, changesShards: true));
        return command;
    }

    /// <summary>Has this program know all followers that an installation may run, so that none is taken for gone.
    /// </summary>
    public static void HasAll(PinboardSettings settings) =>
        (settings.FetchFromWeb, settings.KeepSearchIndex) = (true, true);

    static bool IsMeant(string follower, IReadOnlyList<FollowerStatus> places)
    {
        if (Console.IsInputRedirected)
            throw new PinfoldException(ErrorKind.Invalid,
                $"To forget {follower} cannot be undone: say --yes if it is meant.");
        Console.Error.Write(
            $"{follower} is behind by {places.Sum(p => p.Lag)} transactions, with {places.Sum(p => p.Parked)} parked. "
            + "To forget that cannot be undone. Type its name if it is meant: ");
        return Console.ReadLine() == follower;
    }
}
