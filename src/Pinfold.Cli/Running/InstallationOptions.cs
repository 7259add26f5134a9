using System.CommandLine;

namespace Pinfold.Cli.Running;

/// <summary>The options of every command that works on an installation.</summary>
sealed class InstallationOptions
{
    public Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "The folder that holds everything: shards, pictures, keys.",
        DefaultValueFactory = _ => new DirectoryInfo(
            Environment.GetEnvironmentVariable("PINFOLD_DATA") is { Length: > 0 } folder ? folder : "pinfold-data"),
        HelpName = "FOLDER",
    };

    public Option<FileInfo?> Topology { get; } = new("--topology")
    {
        Description =
            "The file that says which server has which shards; without it, shards are files in the data folder.",
        DefaultValueFactory = _ =>
            Environment.GetEnvironmentVariable("PINFOLD_TOPOLOGY") is { Length: > 0 } file ? new FileInfo(file) : null,
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Data);
        command.Options.Add(Topology);
    }
}
