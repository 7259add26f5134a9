using System.IO.Enumeration;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>The rules, kept by the whole repository; <see cref="RuleTests"/> shows that each can fail.</summary>
public sealed class StyleTests
{
    static Repository Repository => Repository.Current;

    static IEnumerable<SourceFile> Pages => Repository.Files.Where(file =>
        file.IsCSharp || Path.GetExtension(file.Path) is ".cshtml" or ".js");

    /// <summary>All but the tests of the rules, which name what is forbidden.</summary>
    static IEnumerable<SourceFile> Others =>
        Repository.Files.Where(file => !file.IsBelow("tests/Pinfold.Sharding.Tests/Style"));

    [Fact]
    public void TheRepositoryIsFound() => Repository.CSharp.Count().ShouldBeGreaterThan(20);

    [Fact]
    public void NoFileIsLong() => Check(Pages, SizeRules.FileLength);

    [Fact]
    public void NoLineIsLong() => Check(Repository.CSharp, SizeRules.LineLength);

    [Fact]
    public void NoMemberIsLong() => Check(Repository.CSharp, SizeRules.MemberLength);

    [Fact]
    public void NoBannedCodeIsUsed() => Check(Repository.CSharp, CodeRules.BannedCode);

    [Fact]
    public void TypesAreNamedForWhatTheyAre() => Check(Repository.CSharp, CodeRules.TypeNames);

    [Fact]
    public void FilesAreNamedForWhatTheyHold() => Check(Repository.Files, CodeRules.FileNames);

    [Fact]
    public void NamespacesAreFolders() => Check(Repository.CSharp, CodeRules.Namespaces);

    [Fact]
    public void ProjectsReferOneWay() =>
        Check(FilesNamed("*.csproj"), LayerRules.ProjectReferences);

    [Fact]
    public void LayersDoNotKnowWhatIsAboveThem() => Check(Repository.CSharp, LayerRules.ConfinedWords);

    [Fact]
    public void AdaptersDoNotKnowOneAnother() => Check(Repository.CSharp, LayerRules.AdaptersApart);

    [Fact]
    public void FoldersFormNoCircle() =>
        Check(FolderRules.WithoutCircles, project => FolderRules.Circles(project, Repository.Files));

    [Fact]
    public void TheRootImportsNoneOfItsFolders() =>
        Check(FolderRules.WithWordsInTheRoot, project => FolderRules.RootImportsNothing(project, Repository.Files));

    [Fact]
    public void HostsThatAreNamedAreKnown() => Check(Others, PlaceRules.HostsAreKnown);

    [Fact]
    public void FoldersThatAreNamedAreKnown()
    {
        var routes = Repository.CSharp.SelectMany(PlaceRules.RoutesOf)
            .Concat(Repository.Files.Select(file => file.Path.Split('/')[0])).Append("artifacts").ToHashSet();
        Check(Others, file => PlaceRules.FoldersAreKnown(file, routes));
    }

    [Fact]
    public void EveryPackageHasAReason() =>
        Check(FilesNamed("Directory.Packages.props"), RepositoryRules.PackageReasons);

    [Fact]
    public void LinksInPagesLeadSomewhere() =>
        Check(FilesNamed("*.md"), page => RepositoryRules.Links(page, Find));

    static IEnumerable<SourceFile> FilesNamed(string pattern) =>
        Repository.Files.Where(file => FileSystemName.MatchesSimpleExpression(pattern, file.Name));

    /// <summary>The text of a file; empty for a folder or a file that is not text; null when there is none.</summary>
    static string? Find(string path) =>
        Repository.Files.FirstOrDefault(file => file.Path == path)?.Text ?? (Repository.Has(path) ? "" : null);

    static void Check<T>(IEnumerable<T> subjects, Func<T, IEnumerable<Finding>> rule)
    {
        var findings = subjects.SelectMany(rule).ToList();
        if (findings.Count > 0)
            Assert.Fail($"{findings.Count} of these:\n{string.Join('\n', findings)}");
    }
}
