using Pinfold.Sharding;
using Spectre.Console;

namespace Pinfold.Cli.User;

/// <summary>Asks for a password on the terminal, twice and unseen; reads one line where stdin is no terminal.</summary>
static class PasswordPrompt
{
    public static string Read(string username)
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() is { Length: > 0 } line
                ? line
                : throw new PinfoldException(
                    ErrorKind.Invalid,
                    "The password is read from stdin, and there was none: echo it into this command.");
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var password = console.Prompt(new TextPrompt<string>($"Password for {Markup.Escape(username)}:").Secret());
        return console.Prompt(new TextPrompt<string>("Once more:").Secret()) == password
            ? password
            : throw new PinfoldException(ErrorKind.Invalid, "The two passwords differ; try again.");
    }
}
