using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Deploy;

/// <summary>The systemd unit, as systemd itself judges it.</summary>
public sealed partial class ServiceUnitTests
{
    /// <summary>From 0 (nothing is open) to 10; below 2 systemd says "OK".</summary>
    const double ExposureMax = 2;

    [Fact]
    public async Task SystemdFindsNothingWrongWithIt()
    {
        using var folder = new TempFolder("unit");
        (await AskAsync("verify", Unit(folder))).ShouldBeEmpty();
    }

    [Fact]
    public async Task ItIsWellHardened()
    {
        using var folder = new TempFolder("unit");
        var judged = await AskAsync("security", "--offline=true", "--no-pager", Unit(folder));
        var exposure = double.Parse(
            Exposure().Match(judged).Groups[1].Value, CultureInfo.InvariantCulture);
        exposure.ShouldBeLessThan(ExposureMax, judged);
    }

    [Fact]
    public void ItSetsOnlyWhatIsDocumented()
    {
        var documented = Repository.Read("docs/reference/configuration.md");
        foreach (Match variable in Variable().Matches(Repository.Read("deploy/pinfold.service")))
            documented.ShouldContain($"`{variable.Groups[1].Value}`");
    }

    /// <summary>With the program where it is here; the rest as it is handed out.</summary>
    static string Unit(TempFolder folder)
    {
        var unit = Repository.Read("deploy/pinfold.service");
        unit.ShouldContain("ExecStart=/opt/pinfold/pinfold ");
        File.WriteAllText(folder["pinfold.service"],
            unit.Replace("/opt/pinfold/pinfold", Path.Combine(AppContext.BaseDirectory, "pinfold")));
        return folder["pinfold.service"];
    }

    static async Task<string> AskAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
        return output.Trim();
    }

    [GeneratedRegex(@"Overall exposure level for pinfold.service: ([0-9.]+)")]
    private static partial Regex Exposure();

    [GeneratedRegex(@"^Environment=(\w+)=", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
