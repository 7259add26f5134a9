using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Pinfold.Sharding;

namespace Pinfold.Cli.Running;

/// <summary>Runs a command and turns whatever goes wrong into one line on stderr and an exit code.</summary>
static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        TellFlagsFromOptionsWithValues(root);
        var parsed = root.Parse(args);
        if (args.Length == 0)
        {
            Console.WriteLine($"{root.Description}\n");
            CommandList.Write(Console.Out, root);
            return ExitCodes.Done;
        }
        // A shell that asks for suggestions asks about lines that are not finished.
        var isDirective = parsed.Tokens is [{ Type: TokenType.Directive }, ..];
        if (!isDirective && parsed.Errors.Count > 0 && parsed.Action is null or { Terminating: true })
            return Refuse(parsed);
        using var termination = new Termination();
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, termination.Asked);
        }
        catch (PinfoldException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.Of(e.Kind);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted. Run the same command again to carry on.");
            return ExitCodes.Interrupted;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.Unavailable;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"This is a fault of the program, please report it: {e}");
            return ExitCodes.Fault;
        }
    }

    /// <summary>
    /// A flag could be given true or false, so that what follows it is not completed; and help has names that look like
    /// files.
    /// </summary>
    static void TellFlagsFromOptionsWithValues(Command command)
    {
        foreach (var flag in command.Options.OfType<Option<bool>>())
            flag.Arity = ArgumentArity.Zero;
        foreach (var help in command.Options.OfType<HelpOption>())
            foreach (var alias in (string[])["/?", "/h"])
                help.Aliases.Remove(alias);
        foreach (var child in command.Subcommands)
            TellFlagsFromOptionsWithValues(child);
    }

    static int Refuse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [['-', ..] option, ..])
        {
            Console.Error.WriteLine($"\"{CommandList.PathOf(command)}\" has no option {option}."
                + (CommandList.NearestOption(option, command) is { } close ? $" Did you mean {close}?" : ""));
            Console.Error.WriteLine("Run it with --help to see what it takes.");
            return ExitCodes.Wrong;
        }
        if (command.Subcommands.Count > 0)
        {
            var path = CommandList.PathOf(command);
            if (parsed.UnmatchedTokens is [var typed, ..])
                Console.Error.WriteLine($"There is no \"{path} {typed}\"."
                    + (CommandList.Nearest(typed, command) is { } near ? $" Did you mean \"{near}\"?" : ""));
            else
                Console.Error.WriteLine($"\"{path}\" needs one more word.");
            Console.Error.WriteLine("There is:");
            CommandList.Write(Console.Error, command);
            return ExitCodes.Wrong;
        }
        // The framework writes some of them over several lines.
        Console.Error.WriteLine(string.Join(
            ' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Console.Error.WriteLine("Run it with --help to see what it takes.");
        return ExitCodes.Wrong;
    }
}
