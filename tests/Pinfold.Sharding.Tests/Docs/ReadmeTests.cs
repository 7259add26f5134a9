using System.Text.RegularExpressions;
using Pinfold.Sharding.Tests.Packaging;
using Pinfold.Sharding.Tests.Style;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs;

/// <summary>What README prints is typed into a new console project, outside the repository, and runs there.</summary>
public sealed partial class ReadmeTests(PackedLibrary packed)
{
    static readonly string[] Steps = ["dotnet pack ", "dotnet new ", "dotnet add ", "dotnet run"];

    [Fact]
    public async Task TheProgramOfTheReadmeRunsAsPrintedInANewProject()
    {
        var clone = await packed.CloneAsync();
        var readme = Text("README.md");
        var lines = Commands().Match(readme).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim()).ToList();
        lines.Zip(Steps).ShouldAllBe(step => step.First.StartsWith(step.Second, StringComparison.Ordinal));
        lines.Count.ShouldBe(Steps.Length);

        // The first was done already, with what is built; the program is there before the last.
        var output = await Shell.RunAsync(
            $"""
            {lines[1]}
            {lines[2]}
            cat > Program.cs <<'END'
            {Example().Match(readme).Groups[1].Value}END
            {lines[3]}
            """, clone, packages: Path.Combine(clone, "../unpacked"));

        output.TrimEnd().Split('\n').TakeLast(2).ShouldBe(["Prune the quince", "Sow the peas, and water them"]);
        Directory.GetFiles(Path.Combine(clone, "../notes/data"), "pinfold0*.db").Length.ShouldBe(16);
    }

    [Fact]
    public void ThePackageShowsTheSameProgram()
    {
        var (shown, printed) = (Text("src/Pinfold.Sharding/README.md"), Text("README.md"));

        Example().Match(shown).Value.ShouldBe(Example().Match(printed).Value);
    }

    static string Text(string path) => Repository.Current.Files.Single(file => file.Path == path).Text;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^((?:    dotnet (?:pack|new|add|run).*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
