using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

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
            using var scope = services.CreateScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            var account = await users.FindByNameAsync(parsed.GetValue(name)!)
                ?? throw new PinfoldException(ErrorKind.NotFound, $"There is no user \"{parsed.GetValue(name)}\".");
            var password = PasswordPrompt.Read(account.Username);
            foreach (var validator in users.PasswordValidators)
                UserAddCommand.RefuseUnlessDone(await validator.ValidateAsync(users, account, password));
            account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
            (account.FailedSignIns, account.LockedUntil) = (0, null);
            UserAddCommand.RefuseUnlessDone(await users.UpdateSecurityStampAsync(account));
            Console.WriteLine(
                $"{account.Username} has another password, and is signed out everywhere within half an hour.");
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }
}
