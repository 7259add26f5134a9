using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web;
using Pinfold.Sharding;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.User;

/// <summary><c>pinfold user invite</c>: makes a link that lets somebody sign up, or takes one back.</summary>
static class UserInviteCommand
{
    const string PublicUrlVariable = "PINFOLD_PUBLIC_URL";

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var by = new Option<string?>("--by")
        {
            Description = "Who invites, and has the invitation in their settings; without it, the first person here.",
            HelpName = "NAME",
        };
        var uses = new Option<int>("--uses")
        {
            Description = "For how many people it is good.",
            DefaultValueFactory = _ => 1,
            HelpName = "NUMBER",
        };
        var days = new Option<int>("--days")
        {
            Description = "After how many days it ends.",
            DefaultValueFactory = _ => Invitation.DaysUnlessSaid,
            HelpName = "NUMBER",
        };
        var revoke = new Option<string?>("--revoke")
        {
            Description = "Makes none, and takes this one back.",
            HelpName = "ID",
        };
        var json = OutputOption.Create();
        var command = new Command("invite", "Makes a link with which people can sign up. It is shown this once.")
        {
            by, uses, days, revoke, json,
        };
        installation.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandHost.RunAsync(
            parsed, installation, settings => settings.FollowJournal = false, async (services, token) =>
        {
            var invitations = services.GetRequiredService<Invitations>();
            if (parsed.GetValue(revoke) is { } id)
            {
                await invitations.RevokeAsync(ObjectId<Invitation>.Parse(id), by: null, token);
                Console.WriteLine($"Invitation {id} is taken back.");
                return ExitCodes.Done;
            }
            var inviter = await FindInviterAsync(services, parsed.GetValue(by), token);
            var (made, link) = await invitations.MakeAsync(
                inviter?.Id ?? default, parsed.GetValue(uses), parsed.GetValue(days), token);
            Write(new MadeInvitation(
                $"{made.Id}", inviter?.Body.Username, Address(Routes.SignUpBy(link)), made.Body.UsesMax,
                made.Body.EndsAt), parsed.GetValue(json));
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static async Task<Stored<Person>?> FindInviterAsync(
        IServiceProvider services, string? name, CancellationToken cancellation)
    {
        var users = services.GetRequiredService<UserService>();
        if (name is not null)
            return await users.GetAsync(name, cancellation);
        return await services.GetRequiredService<FirstPerson>().FindAsync(cancellation) is { } first
            ? await users.FindAsync(first, cancellation)
            : null;
    }

    /// <summary>The link alone goes to stdout, so that it can be handed on.</summary>
    static void Write(MadeInvitation made, bool asJson)
    {
        if (asJson)
        {
            OutputOption.WriteJson(made, CliJson.Default.MadeInvitation);
            return;
        }
        Console.WriteLine(made.Link);
        var ends = made.Ends.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Console.Error.WriteLine($"Invitation {made.Id}, for {(made.Uses == 1 ? "one person" : $"{made.Uses} people")}, "
            + $"ends {ends} UTC. It is shown this once."
            + (made.Link[0] == '/' ? $" Put the address of this site before it ({PublicUrlVariable} says it)." : ""));
    }

    static string Address(string path) =>
        Environment.GetEnvironmentVariable(PublicUrlVariable) is { Length: > 0 } site
            ? site.TrimEnd('/') + path
            : path;
}
