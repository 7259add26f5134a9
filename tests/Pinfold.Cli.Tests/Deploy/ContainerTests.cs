using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Deploy;

/// <summary>
/// What the Containerfile does, without an engine that would do it: its publish command, and what comes of it as a user
/// without rights, on a file system that can only be read, with one folder to write to.
/// </summary>
public sealed partial class ContainerTests
{
    [Fact]
    public async Task WhatItPublishesRunsReadOnlyAsNobodyWithOneFolderToWriteTo()
    {
        using var folder = new TempFolder("container");
        Directory.CreateDirectory(folder["data"]);
        var publish = PublishCommand().Match(Repository.Read("deploy/Containerfile")).Groups[1].Value;
        publish.ShouldContain(" -o /app");
        // Built already; and not into the root of this machine.
        var here = publish.Replace("-o /app", $"-o '{folder["app"]}'", StringComparison.Ordinal);
        await RunAsync("sh", "-c", $"cd '{Repository.Path(".")}' && exec {here} --no-build --nologo -v q");

        // In namespaces of its own, as an engine would: all is mounted read-only but one folder.
        const string Inside = """
            mount -t tmpfs tmpfs "$1/data"
            for mount in $(findmnt -rno TARGET | grep -v -e "^$1/data$" -e '^/proc' -e '^/sys' -e '^/dev'); do
                mount -o remount,bind,ro "$mount" 2>/dev/null
            done
            if touch "$1/app/x" 2>/dev/null; then echo "the root can be written"; exit 1; fi
            exec "$1/app/pinfold" serve --no-fetch
            """;
        await using var served = await Served.StartAsync(new Dictionary<string, string>
        {
            ["PINFOLD_DATA"] = folder["data"],
            ["PINFOLD_URLS"] = "http://127.0.0.1:0",
            ["DOTNET_EnableDiagnostics"] = "0",
        }, ["unshare", "--user", "--map-root-user", "--mount", "--", "bash", "-c", Inside, "bash", folder.Path]);

        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var (path, board) = await ann.MakeBoardAsync("Birds");
        await ann.PinAsync(board, TestPng.Solid(300, 200, 1, 2, 3), "A pin");
        await ann.WaitForAsync(path, page => page.Contains("srcset=", StringComparison.Ordinal));
        (await ProbeAsync(served.Address.Port)).ShouldBe(0);
        (await served.StopAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task ItsProbeFailsWhereNobodyAnswers() =>
        (await ProbeAsync(LoopbackPort.FindFree())).ShouldNotBe(0);

    [Fact]
    public void ItSetsOnlyWhatIsDocumentedAndIsNotRoot()
    {
        var file = Repository.Read("deploy/Containerfile");
        file.ShouldContain("USER $APP_UID");
        var documented = Repository.Read("docs/reference/configuration.md");
        foreach (Match variable in Variable().Matches(file))
            documented.ShouldContain($"`{variable.Groups[1].Value}`");
    }

    /// <summary>The words of HEALTHCHECK, with the port that it is at here.</summary>
    static async Task<int> ProbeAsync(int port)
    {
        var line = Probe().Match(Repository.Read("deploy/Containerfile")).Groups[1].Value;
        var words = System.Text.Json.JsonSerializer.Deserialize<string[]>(line)!;
        words[^1].ShouldContain("/127.0.0.1/5080");
        using var process = Process.Start(
            new ProcessStartInfo(words[0], [.. words[1..^1], words[^1].Replace("5080", $"{port}")])
            {
                RedirectStandardError = true,
            })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    static async Task RunAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
    }

    [GeneratedRegex("^RUN (dotnet publish .*)$", RegexOptions.Multiline)]
    private static partial Regex PublishCommand();

    [GeneratedRegex(@"(PINFOLD_\w+|DOTNET_\w+)=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^HEALTHCHECK .*CMD (\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex Probe();
}
