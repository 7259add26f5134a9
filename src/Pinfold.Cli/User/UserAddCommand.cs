using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Cli.User;

/// <summary>
/// <c>pinfold user add NAME</c>: makes an account. The password comes from the terminal or from stdin, never from the
/// line.
/// </summary>
static class UserAddCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name =
            new Argument<string>(
                "NAME")
            { Description = "The user name: 3 to 30 letters, digits, dashes or underscores." };
        var email = new Option<string?>("--email") { Description = "Their email address; they can sign in with it." };
        var json = OutputOption.Create();
        var command =
            new Command(
                "add", "Adds a user. The password is asked for, or read from stdin where that is no terminal.") { name,
                email, json };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.RunAsync(parsed, installation, _ => { }, async (services, token) =>
        {
            using var scope = services.CreateScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            var account =
                new Account { Username = Usernames.Checked(parsed.GetValue(name)), Email = parsed.GetValue(email) };
            RefuseUnlessDone(await users.CreateAsync(account, PasswordPrompt.Read(account.Username)));
            if (parsed.GetValue(json))
                OutputOption.WriteJson(
                    new AddedUser(
                        account.Id.ToString(), account.Username, account.IsAdministrator ? "administrator" : "person"),
                    CliJson.Default.AddedUser);
            else
                Console.WriteLine($"Added {account.Username}, id {account.Id}, on shard {account.Id.Shard}."
                    + (account.IsAdministrator ? " They are the first one here, and so an administrator." : ""));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    internal static void RefuseUnlessDone(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new PinfoldException(
                result.Errors.Any(e => e.Code.StartsWith("Duplicate", StringComparison.Ordinal)
                    || e.Code == AccountStore.NotFirst)
                    ? ErrorKind.Conflict
                    : ErrorKind.Invalid,
                string.Join(" ", result.Errors.Select(e => e.Description)));
    }
}
