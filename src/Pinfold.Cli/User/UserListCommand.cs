using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.People;
using Pinfold.Sharding;

namespace Pinfold.Cli.User;

/// <summary><c>pinfold user list</c>: everybody who has an account, from every shard.</summary>
static class UserListCommand
{
    const int LimitUnlessSaid = 10_000;

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var limit = new Option<int>("--limit")
        {
            Description = "How many people at most.",
            DefaultValueFactory = _ => LimitUnlessSaid,
            HelpName = "NUMBER",
        };
        var json = OutputOption.Create();
        var command = new Command("list", "Lists who has an account, in the order of their shards.") { limit, json };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var most = LimitOption.Checked(parsed.GetValue(limit));
            var people = services.GetRequiredService<PeopleReader>();
            var found = new List<ListedUser>();
            var isMore = false;
            await Progress.RunAsync("Asking the shards", null, async progress =>
            {
                await foreach (var person in people.ListAsync(default, most + 1, token))
                {
                    isMore = found.Count == most;
                    if (!isMore)
                        found.Add(Listed(person));
                    progress.Report(found.Count);
                }
            });
            Write([.. found], parsed.GetValue(json));
            if (isMore)
                await Console.Error.WriteLineAsync(
                    $"There are more than {most} people; --limit says how many to list.");
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static ListedUser Listed(ListedPerson person) => new(
        $"{person.Id}", person.Username, person.IsAdministrator ? "administrator" : "person",
        person.DisabledAt is null ? "active" : "disabled", person.JoinedAt, person.SeenAt);

    static void Write(ListedUser[] users, bool asJson)
    {
        if (asJson)
            OutputOption.WriteJson(users, CliJson.Default.ListedUserArray);
        else
            OutputOption.WriteTable(
                ["name", "role", "state", "joined", "last seen"], users.Select(u => (string[])
                [u.Username, u.Role, u.State, Day(u.Joined), u.LastSeen is { } seen ? Day(seen) : ""]));
    }

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
