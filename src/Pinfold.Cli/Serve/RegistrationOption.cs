using System.CommandLine;
using Pinfold.Pinboard;
using Pinfold.Sharding;

namespace Pinfold.Cli.Serve;

/// <summary>Who may sign up on the pages.</summary>
static class RegistrationOption
{
    const string Name = "--registration";
    const string Variable = "PINFOLD_REGISTRATION";

    public static Option<string> Create() => new(Name)
    {
        Description = "Who may sign up: open (everybody), invite (who has an invitation) or closed (nobody). Without "
            + "it, it is open until the first person is there, who is the administrator, and then invite.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) ?? "",
        HelpName = "WHO",
    };

    /// <exception cref="PinfoldException">Invalid: it says what would be right.</exception>
    public static RegistrationMode? Parse(string text) => text.Trim().ToLowerInvariant() switch
    {
        "" => null,
        "open" => RegistrationMode.Open,
        "invite" => RegistrationMode.Invite,
        "closed" => RegistrationMode.Closed,
        _ => throw new PinfoldException(
            ErrorKind.Invalid, $"{Name} {text} (or {Variable}) is not right; open, invite or closed is."),
    };
}
