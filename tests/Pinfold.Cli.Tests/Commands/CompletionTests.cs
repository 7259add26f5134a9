using System.Diagnostics;
using System.Runtime.InteropServices;
using Pinfold.Cli.Tests.Running;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>Completion, in the shells themselves.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("pinfold ser", new[] { "serve", "server" })]
    [InlineData("pinfold topology ", new[] { "check", "diff", "export", "history", "import", "show" })]
    [InlineData("pinfold import b", new[] { "bookmarks" })]
    [InlineData("pinfold serve --ur", new[] { "--urls" })]
    [InlineData("pinfold serve --no-fetch --pu", new[] { "--public-url" })]
    [InlineData("pinfold completion ", new[] { "bash", "fish", "pwsh", "zsh" })]
    [InlineData("pinfold frobnicate x", new string[0])]
    public async Task BashCompletesWordsAndOptions(string line, string[] words)
    {
        using var folder = new TempFolder("completion");
        await File.WriteAllTextAsync(folder["pinfold.bash"],
            (await PinfoldProgram.RunAsync(["completion", "bash"])).ShouldEnd(0).Out);
        const string Ask = """
            source "$1"
            COMP_LINE=$2 COMP_POINT=${#2}
            read -ra COMP_WORDS <<<"$2"
            [[ $2 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            $(complete -p pinfold | sed 's/.*-F \([^ ]*\).*/\1/')
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var found = await ShellAsync("bash", ["-c", Ask, "bash", folder["pinfold.bash"], line]);
        found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(w => w[0] != '-' || line.Contains(" -"))
            .Order(StringComparer.Ordinal).ShouldBe(words);
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task EachScriptIsOneOfItsShell(string shell, string check)
    {
        using var folder = new TempFolder("completion");
        var script = (await PinfoldProgram.RunAsync(["completion", shell])).ShouldEnd(0).Out;
        script.ShouldContain("[suggest:");
        await File.WriteAllTextAsync(folder["script"], script);
        if ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists($"{f}/{shell}")))
            (await ShellAsync(shell, [check, folder["script"]])).ShouldBeEmpty();
    }

    [Fact]
    public async Task AShellThatIsNotKnownIsRefusedWithThoseThatAre() =>
        (await PinfoldProgram.RunAsync(["completion", "tcsh"])).ShouldRefuse(2, "bash", "zsh", "fish", "pwsh");

    static async Task<string> ShellAsync(string shell, string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        start.Environment["DOTNET_ROOT"] =
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return output;
    }
}
