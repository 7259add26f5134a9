using System.Text.RegularExpressions;
using Pinfold.Sharding.Tests.Style;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs;

/// <summary>
/// C# that a page of the documentation shows is compiled, and mostly run, in Docs/Examples; or it is of the README's
/// program.
/// </summary>
public sealed partial class PageTests
{
    static readonly string[] Compiled =
    [
        .. Repository.Current.CSharp
            .Where(file => file.IsBelow("tests/Pinfold.Sharding.Tests/Docs/Examples")).Select(file => Plain(file.Text)),
        Plain(Block().Match(Repository.Current.Files.Single(file => file.Path == "README.md").Text).Groups[1].Value),
    ];

    public static TheoryData<string> Pages =>
    [
        .. Repository.Current.Files.Where(file => file.IsBelow("docs") && Block().IsMatch(file.Text))
            .Select(file => file.Path),
    ];

    [Theory, MemberData(nameof(Pages))]
    public void EveryBlockOfThePageIsCompiledHere(string page) =>
        Block().Matches(Repository.Current.Files.Single(file => file.Path == page).Text)
            .Select(block => block.Groups[1].Value)
            .Where(block => !Compiled.Any(code => code.Contains(Plain(block), StringComparison.Ordinal)))
            .ShouldBeEmpty();

    /// <summary>Without indentation, for a page shows a part as if it stood alone.</summary>
    static string Plain(string code) =>
        string.Join('\n', code.Trim().Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
