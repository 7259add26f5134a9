using System.CommandLine;
using Pinfold.Sharding;

namespace Pinfold.Cli.Running;

/// <summary>Runs a command and turns whatever goes wrong into one line on stderr and an exit code.</summary>
static class CommandRunner
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is null or { Terminating: true })
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine("Run it with --help to see what it takes.");
            return ExitCodes.Wrong;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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
}
