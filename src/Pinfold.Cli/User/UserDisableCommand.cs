using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Users;

namespace Pinfold.Cli.User;

/// <summary><c>pinfold user disable NAME</c>: signs somebody out and lets them sign in no more; or again.</summary>
static class UserDisableCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var enable = new Option<bool>("--enable") { Description = "They can sign in again." };
        var command = new Command(
            "disable", "Signs somebody out everywhere and lets them sign in no more. Their boards and pins stay.")
        {
            name, enable,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.RunAsync(
            parsed, installation, settings => settings.FollowJournal = false, async (services, token) =>
        {
            var user = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(name)!, token);
            var isDisabled = !parsed.GetValue(enable);
            var isChanged = await services.GetRequiredService<PeopleService>().SetDisabledAsync(
                user.Id, isDisabled, token);
            Console.WriteLine((isDisabled, isChanged) switch
            {
                (true, true) => $"{user.Body.Username} is disabled, and signed out everywhere.",
                (true, false) => $"{user.Body.Username} is disabled already.",
                (false, true) => $"{user.Body.Username} can sign in again.",
                (false, false) => $"{user.Body.Username} is not disabled.",
            });
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
