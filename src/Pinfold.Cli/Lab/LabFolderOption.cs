using System.CommandLine;

namespace Pinfold.Cli.Lab;

/// <summary>Which lab.</summary>
static class LabFolderOption
{
    const string Name = "--folder";

    public static Option<DirectoryInfo> Create() => new(Name)
    {
        Description = "The folder of the lab.",
        DefaultValueFactory = _ => new DirectoryInfo("lab"),
        HelpName = "FOLDER",
    };

    /// <summary>Program and arguments that run a verb of <c>pinfold lab</c> on a folder, from anywhere.</summary>
    public static IReadOnlyList<string> CommandOf(string verb, string folder)
    {
        var program = Environment.ProcessPath!;
        var assembly = Environment.GetCommandLineArgs()[0];
        var isRuntime = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return [program, .. isRuntime ? [Path.GetFullPath(assembly)] : (string[])[], "lab", verb, Name, folder];
    }
}
