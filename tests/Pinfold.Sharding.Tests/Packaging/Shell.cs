using System.Diagnostics;

namespace Pinfold.Sharding.Tests.Packaging;

/// <summary>Runs lines as somebody would type them, with nothing that outlives them.</summary>
static class Shell
{
    /// <summary>What the lines wrote; an error with all of it when one of them failed.</summary>
    /// <param name="lines">Bash.</param>
    /// <param name="folder">Where they begin.</param>
    /// <param name="packages">Where NuGet puts what it has unpacked; null for its usual folder.</param>
    public static async Task<string> RunAsync(string lines, string folder, string? packages = null)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-c", lines])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET_NOLOGO"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                // Build servers would keep the pipes open, and the folders in use.
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
                ["UseSharedCompilation"] = "false",
            },
        };
        if (packages is not null)
            start.Environment["NUGET_PACKAGES"] = packages;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"Ended with {process.ExitCode}:\n{lines}\n{await output}\n{await errors}");
    }
}
