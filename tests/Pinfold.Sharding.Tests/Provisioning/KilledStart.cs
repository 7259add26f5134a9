using System.Diagnostics;
using System.Globalization;
using Pinfold.Sharding.Provisioning;

namespace Pinfold.Sharding.Tests.Provisioning;

/// <summary>A process that starts a new installation, and is killed at one of the steps of that.</summary>
static class KilledStart
{
    public const string Verb = "start-until-killed";

    /// <summary>SIGKILL, as the shell would report it.</summary>
    const int Killed = 128 + 9;

    /// <summary>Before and after: two marks, four shards, two marks taken away.</summary>
    public const int Steps = 2 * (2 + NewInstallation.ShardCount + 2);

    /// <summary>Runs it; false when it ended otherwise than by the kill.</summary>
    public static async Task<bool> RunAndKillAsync(string installation, int step)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Pinfold.Sharding.Tests");
        var words = (string[])[Verb, installation, step.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(program, words);
        await process.WaitForExitAsync();
        return process.ExitCode == Killed;
    }

    public static async Task<int> RunAsync(string installation, int killedAt)
    {
        var steps = 0;
        await using var store = NewInstallation.Open(installation, inner => new SteppedServer(inner, async _ =>
        {
            if (Interlocked.Increment(ref steps) != killedAt)
                return;
            Process.GetCurrentProcess().Kill();
            await Task.Delay(Timeout.Infinite);
        }));
        await new ShardProvisioner(store).EnsureAsync();
        return 0;
    }
}
