using System.Text.RegularExpressions;
using Pinfold.Sharding.Tests.Style;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs;

/// <summary>What README shows is what is compiled here, and what is compiled here runs.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void TheExampleOfTheReadmeIsTheOneThatIsCompiled()
    {
        var shown = Example().Match(Text("README.md")).Groups[1].Value;

        // The namespace is the test project's; a reader names the library's own instead.
        var compiled = NamespaceLine().Replace(Text("tests/Pinfold.Sharding.Tests/Docs/ReadmeExample.cs"), "")
            .Replace("using Pinfold.Sharding.Hosting;", "using Pinfold.Sharding;\nusing Pinfold.Sharding.Hosting;", StringComparison.Ordinal);
        shown.ShouldBe(compiled);
    }

    [Fact]
    public async Task TheExampleOfTheReadmeRuns()
    {
        using var folder = new TempFolder("readme");

        (await Notes.RunAsync(folder.Path)).ShouldBe(["Prune the quince", "Sow the peas"]);
    }

    static string Text(string path) => Repository.Current.Files.Single(file => file.Path == path).Text;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^namespace .*;\n\n", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
