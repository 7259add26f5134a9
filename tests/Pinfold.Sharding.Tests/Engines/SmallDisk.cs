using System.Diagnostics;
using System.Reflection;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Engines;

/// <summary>
/// A file system in memory of a few megabytes, to be really full. It is mounted in a namespace in which any user may do
/// so, which only one process sees: so the test runs itself again, in a process there.
/// </summary>
static class SmallDisk
{
    const string Variable = "PINFOLD_SMALL_DISK";

    /// <summary>Its folder, when this process is the one that has it.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Runs the current test once more, with a disk of its own; fails as it does.</summary>
    public static async Task RunThisTestAsync(int megabytes)
    {
        using var place = new TempFolder("disk");
        var method = TestContext.Current.TestMethod
            ?? throw new InvalidOperationException("This is to be called from a test.");
        var program = Environment.ProcessPath!;
        string[] tests = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Assembly.GetExecutingAssembly().Location] : [program];
        var start = new ProcessStartInfo("unshare") { RedirectStandardOutput = true };
        foreach (var argument in (string[])
        [
            "--user", "--map-root-user", "--mount", "sh", "-c",
            "mount -t tmpfs -o size=$1m tmpfs \"$2\" || exit 99; shift 2; exec \"$@\"",
            "sh", $"{megabytes}", place.Path, .. tests,
            "--filter-method", $"{method.TestClass.TestClassName}.{method.MethodName}",
        ])
            start.ArgumentList.Add(argument);
        start.Environment[Variable] = place.Path;
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException("unshare (util-linux) did not start.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
    }
}
