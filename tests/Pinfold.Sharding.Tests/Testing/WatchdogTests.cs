using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class WatchdogTests
{
    static readonly TimeSpan GoneMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AServerAndItsFolderDoNotOutliveAKilledProcess()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Pinfold.Testing");
        using var run = Process.Start(new ProcessStartInfo(program, "memcached") { RedirectStandardOutput = true })!;
        var line = (await run.StandardOutput.ReadLineAsync())!.Split('\t');
        var (server, folder) = (int.Parse(line[1], CultureInfo.InvariantCulture), line[2]);
        IsAlive(server).ShouldBeTrue();

        run.Kill();
        await run.WaitForExitAsync();

        await UntilAsync(() => !IsAlive(server) && !Directory.Exists(folder));
    }

    // An ended process that nobody has waited for yet is still listed, as a zombie (state Z).
    static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(GoneMax);
        while (!holds())
            await Task.Delay(20, limit.Token);
    }
}
