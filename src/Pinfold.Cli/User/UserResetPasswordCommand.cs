using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Users;

namespace Pinfold.Cli.User;

/// <summary>
/// <c>pinfold user reset-password NAME</c>: gives an account another password and signs it out everywhere.
/// </summary>
static class UserResetPasswordCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var command =
            new Command(
                "reset-password", "Sets another password; whoever is signed in as them is signed out.") { name };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                CommandHost.RunAsync(
                    parsed, installation, settings => settings.FollowJournal = false, async (services, token) =>
        {
            var user = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(name)!, token);
            var password = PasswordPrompt.Read(user.Body.Username);
            UserAddCommand.RefuseUnlessDone(
                await services.GetRequiredService<Passwords>().ResetAsync(user.Id, password, token));
            Console.WriteLine($"{user.Body.Username} has another password, and is signed out everywhere.");
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
