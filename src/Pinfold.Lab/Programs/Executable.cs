using System.Diagnostics;
using Pinfold.Sharding;

namespace Pinfold.Lab.Programs;

/// <summary>Programs of this machine.</summary>
public static class Executable
{
    /// <summary>The path of a program; null when it is nowhere.</summary>
    public static string? Find(string name) =>
        Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The path of a program that a Debian package brings.</summary>
    /// <exception cref="PinfoldException">Unavailable: it is not installed.</exception>
    public static string Get(string name, string package) => Find(name) ?? throw new PinfoldException(
        ErrorKind.Unavailable, $"There is no {name} on this machine: \"apt-get install {package}\" brings it.");

    /// <summary>Runs a program to its end and gives what it wrote.</summary>
    /// <exception cref="PinfoldException">Unavailable: it ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new PinfoldException(ErrorKind.Unavailable,
                $"{program} ended with code {process.ExitCode}:\n{output}{await error}".TrimEnd());
    }

    // Debian keeps servers where only root's PATH leads.
    static IEnumerable<string> Folders =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin");
}
