using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Users;

namespace Pinfold.Cli.User;

/// <summary><c>pinfold user admin NAME</c>: makes somebody an administrator, or takes that from them.</summary>
static class UserAdminCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var remove = new Option<bool>("--remove") { Description = "They are no administrator any more." };
        var command = new Command("admin", "Makes somebody an administrator; it counts at once.") { name, remove };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.RunAsync(
            parsed, installation, settings => settings.FollowJournal = false, async (services, token) =>
        {
            var user = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(name)!, token);
            var isAdministrator = !parsed.GetValue(remove);
            var isChanged = await services.GetRequiredService<PeopleService>().SetAdministratorAsync(
                user.Id, isAdministrator, token);
            Console.WriteLine((isAdministrator, isChanged) switch
            {
                (true, true) => $"{user.Body.Username} is an administrator.",
                (true, false) => $"{user.Body.Username} is an administrator already.",
                (false, true) => $"{user.Body.Username} is no administrator any more.",
                (false, false) => $"{user.Body.Username} is no administrator.",
            });
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
