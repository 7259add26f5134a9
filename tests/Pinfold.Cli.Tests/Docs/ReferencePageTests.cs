using System.Diagnostics;
using System.Text.RegularExpressions;
using Pinfold.Pinboard;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Docs;

/// <summary>The reference pages say what the executable says.</summary>
public sealed partial class ReferencePageTests
{
    [Fact]
    public async Task TheHelpOnThePageIsTheHelpOfEveryCommand()
    {
        var page = HelpOnPage().Matches(Page("cli.md"))
            .ToDictionary(m => m.Groups[1].Value.Trim(), m => m.Groups[2].Value.Trim());
        var real = new Dictionary<string, string>();
        await AddHelpAsync("", real);

        page.Keys.Order().ShouldBe(real.Keys.Order());
        foreach (var (command, help) in real)
            page[command].ShouldBe(help, $"docs/reference/cli.md has another help of \"pinfold {command}\"");
    }

    [Fact]
    public void EveryExitCodeIsOnThePage()
    {
        var source = File.ReadAllText(Path.Combine(Root(), "src/Pinfold.Cli/Running/ExitCodes.cs"));
        var constants = Constant().Matches(source).Select(m => (m.Groups[1].Value, m.Groups[2].Value));
        var rows = Row().Matches(Page("exit-codes.md")).Select(m => (m.Groups[2].Value, m.Groups[1].Value));

        rows.Order().ShouldBe(constants.Order());
    }

    [Fact]
    public void EveryTypeAndMappingOfThePinboardIsOnThePage()
    {
        var page = Page("sql-schema.md").Split("The pinboard's types", 2)[1].Split("The pinboard's mappings", 2);
        Numbered(page[0]).Order().ShouldBe(
            PinboardModel.Sharding.Types.Select(type => ($"{type.Number}", type.Name)).Order());
        Numbered(page[1]).Order().ShouldBe(
            PinboardModel.Sharding.Mappings.Select(mapping => ($"{mapping.Number}", mapping.Name)).Order());

        static IEnumerable<(string Number, string Name)> Numbered(string text) =>
            NumberAndName().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value));
    }

    [Fact]
    public void EveryBlockOfThePageIsClosed()
    {
        foreach (var page in (string[])["cli.md", "configuration.md", "sql-schema.md", "import-formats.md"])
        {
            var isOpen = false;
            foreach (var line in Page(page).Split('\n').Where(l => l.StartsWith("```", StringComparison.Ordinal)))
            {
                (isOpen && line.Length > 3).ShouldBeFalse($"{page}: {line} stands within a block");
                isOpen = !isOpen;
            }
            isOpen.ShouldBeFalse($"{page} ends within a block");
        }
    }

    /// <summary>The help of a command and of all below it, as the executable writes it.</summary>
    static async Task AddHelpAsync(string command, Dictionary<string, string> help)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var text = help[command] = await RunAsync([.. words, "--help"]);
        var list = text.IndexOf("\nCommands:\n", StringComparison.Ordinal);
        if (list < 0)
            return;
        foreach (Match inner in InnerCommand().Matches(text[list..]))
            await AddHelpAsync($"{command} {inner.Groups[1].Value}".Trim(), help);
    }

    static async Task<string> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pinfold"), arguments)
        {
            RedirectStandardOutput = true,
        };
        // The executable looks for .NET in the usual places only; the one that runs this test may be elsewhere.
        start.Environment["DOTNET_ROOT"] =
            Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        foreach (var variable in start.Environment.Keys.ToList())
            if (variable.StartsWith("PINFOLD_", StringComparison.Ordinal))
                start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return output.ReplaceLineEndings("\n").Trim();
    }

    static string Page(string name) =>
        File.ReadAllText(Path.Combine(Root(), "docs/reference", name)).ReplaceLineEndings("\n");

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pinfold.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"\| (\d+) \| `(\w+)` ")]
    private static partial Regex NumberAndName();

    [GeneratedRegex("^##+ pinfold(.*)\n(?:(?!^#|^```text).*\n)*```text\n((?:.*\n)*?)```", RegexOptions.Multiline)]
    private static partial Regex HelpOnPage();

    [GeneratedRegex("^  ([a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex InnerCommand();

    [GeneratedRegex(@"const int (\w+) = (\d+);")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
