using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>Each rule fails on what it forbids, at the right line, and lets alone what only looks like it.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("var a = task.Result;")]
    [InlineData("task.Wait();")]
    [InlineData("Task.WaitAll(tasks);")]
    [InlineData("task.GetAwaiter().GetResult();")]
    [InlineData("var t = DateTime.Now;")]
    [InlineData("var t = DateTime.UtcNow.AddDays(1);")]
    [InlineData("var t = DateTimeOffset.UtcNow;")]
    [InlineData("Thread.Sleep(10);")]
    [InlineData("try { A(); } catch { throw; }")]
    [InlineData("try { A(); } catch (Exception e) { /* never mind */ }")]
    [InlineData("#region Fields")]
    [InlineData("async void OnClick() { }")]
    [InlineData("static int s_count;")]
    [InlineData("internal static volatile List<int>? Last = null;")]
    [InlineData("var text = $\"in a hole: {task.Result}\";")]
    public void BannedCodeIsFoundAtItsLine(string code) =>
        CodeRules.BannedCode(CSharp("// above\n" + code)).ShouldHaveSingleItem().Line.ShouldBe(2);

    [Theory]
    [InlineData("// task.Result and DateTime.Now")]
    [InlineData("var s = \"task.Result \\\" DateTime.Now\";")]
    [InlineData("var s = @\"a \"\" task.Result\";")]
    [InlineData("var s = \"\"\"\n  async void\n  \"\"\";")]
    [InlineData("var s = $\"{{task.Result}} {a}\";")]
    [InlineData("var c = '\"'; // DateTime.Now")]
    [InlineData("await task.WaitAsync(limit);")]
    [InlineData("var r = reply.ResultCount;")]
    [InlineData("try { } catch (IOException) { }")]
    [InlineData("try { } catch (Exception) { throw; }")]
    [InlineData("static readonly int Max = 3;")]
    [InlineData("static int Twice(int a) => 2 * a;")]
    [InlineData("static int Count => 3;")]
    [InlineData("static int Count { get; } = 3;")]
    [InlineData("using static System.Math;")]
    public void WhatOnlyLooksBannedIsLetAlone(string code) => CodeRules.BannedCode(CSharp(code)).ShouldBeEmpty();

    [Theory]
    [InlineData("class ShardManager { }")]
    [InlineData("public sealed record struct FileInfo(int A);")]
    [InlineData("interface IPathHelper;")]
    [InlineData("enum StringUtils { }")]
    public void ANameThatSaysNothingIsFound(string code) =>
        CodeRules.TypeNames(CSharp(code)).ShouldHaveSingleItem();

    [Fact]
    public void ANameThatSaysSomethingIsLetAlone() =>
        CodeRules.TypeNames(CSharp("class ManagerOfShards; record Information; class Commons;")).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Pinfold.Common/A.cs")]
    [InlineData("src/Pinfold.Sharding/Utils/A.cs")]
    [InlineData("src/Pinfold.Sharding/StringHelper.cs")]
    public void AFileNameThatSaysNothingIsFound(string path) =>
        CodeRules.FileNames(new(path, "")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("namespace Pinfold.Sharding;\nclass A;", 1)]
    [InlineData("namespace Pinfold.Sharding.Engines { class A; }", 1)]
    [InlineData("class A;", 1)]
    [InlineData("namespace Pinfold.Sharding.Engines;\nclass A;", 0)]
    [InlineData("return 0;", 0)]
    public void ANamespaceThatIsNotTheFolderIsFound(string code, int findings) =>
        CodeRules.Namespaces(new("src/Pinfold.Sharding/Engines/A.cs", code)).Count().ShouldBe(findings);

    [Fact]
    public void OneLineMoreThanAFileMayHaveIsFound()
    {
        SizeRules.FileLength(CSharp(Lines(SizeRules.FileLinesMax))).ShouldBeEmpty();
        SizeRules.FileLength(CSharp(Lines(SizeRules.FileLinesMax + 1))).ShouldHaveSingleItem();
    }

    [Fact]
    public void OneColumnMoreThanALineMayHaveIsFoundUnlessItIsAnAddress()
    {
        SizeRules.LineLength(CSharp(new string('a', SizeRules.LineColumnsMax))).ShouldBeEmpty();
        SizeRules.LineLength(CSharp("\n" + new string('a', SizeRules.LineColumnsMax + 1)))
            .ShouldHaveSingleItem().Line.ShouldBe(2);
        SizeRules.LineLength(CSharp("// https://a/" + new string('a', SizeRules.LineColumnsMax))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("class A\n{\n    void B()\n    {\nBODY    }\n}")]
    [InlineData("class A<T> where T : class\n{\n [Fact]\n    int B(int c = 3) where T : new()\n    {\nBODY    }\n}")]
    [InlineData("class A\n{\n    A() : base(1)\n    {\nBODY    }\n}")]
    [InlineData("class A\n{\n    int B\n    {\nBODY    }\n}")]
    [InlineData("class A\n{\n    int B(int c) => c switch\n    {\nBODY    };\n}")]
    [InlineData("class A\n{\n    class B\n    {\n    static bool operator ==(B a, B b)\n    {\nBODY    }\n}\n}")]
    public void OneLineMoreThanAMemberMayHaveIsFound(string code)
    {
        const int AroundTheBody = 3; // the line with the name, and the two braces
        Check(SizeRules.MemberLinesMax - AroundTheBody).ShouldBeEmpty();
        Check(SizeRules.MemberLinesMax - AroundTheBody + 1).ShouldHaveSingleItem();

        IEnumerable<Finding> Check(int lines) =>
            SizeRules.MemberLength(CSharp(code.Replace("BODY", Lines(lines), StringComparison.Ordinal)));
    }

    [Fact]
    public void ATableOfDataMayBeLong() =>
        SizeRules.MemberLength(CSharp($"class A\n{{\n static readonly int[] B = new[]\n {{\n{Lines(100)} }};\n}}"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("src/Pinfold.Sharding/Pinfold.Sharding.csproj", "../Pinfold.Pinboard/Pinfold.Pinboard.csproj", 1)]
    [InlineData("src/Pinfold.Pinboard/Pinfold.Pinboard.csproj", "../Pinfold.Cli/Pinfold.Cli.csproj", 1)]
    [InlineData("src/Pinfold.Cli/Pinfold.Cli.csproj", "../../tests/Pinfold.Testing/Pinfold.Testing.csproj", 1)]
    [InlineData("src/Pinfold.Pinboard/Pinfold.Pinboard.csproj", "../Pinfold.Sharding/Pinfold.Sharding.csproj", 0)]
    public void AReferenceUpwardsIsFound(string project, string reference, int findings) =>
        LayerRules.ProjectReferences(new(project, $"<ProjectReference Include=\"{reference}\" />"))
            .Count().ShouldBe(findings);

    [Theory]
    [InlineData("src/Pinfold.Sharding/A.cs", "using Microsoft.AspNetCore.Http;", 1)]
    [InlineData("src/Pinfold.Sharding/A.cs", "var a = Pinfold.Pinboard.Users.X;", 1)]
    [InlineData("src/Pinfold.Pinboard/A.cs", "using Pinfold.Cli;", 1)]
    [InlineData("src/Pinfold.Sharding/Topology/A.cs", "using MySqlConnector;", 1)]
    [InlineData("src/Pinfold.Sharding/Engines/MySql/A.cs", "using MySqlConnector;", 0)]
    [InlineData("src/Pinfold.Sharding/A.cs", "// as Pinfold.Pinboard does", 0)]
    public void AWordOfAnotherLayerIsFound(string path, string code, int findings) =>
        LayerRules.ConfinedWords(new(path, code)).Count().ShouldBe(findings);

    [Theory]
    [InlineData("src/Pinfold.Sharding/Engines/MySql/A.cs", "using Pinfold.Sharding.Engines.Sqlite;", 1)]
    [InlineData("src/Pinfold.Sharding/Engines/Sqlite/A.cs", "var a = MySql.Dialect.Name;", 1)]
    [InlineData("src/Pinfold.Sharding/Caching/Memory/A.cs", "using Pinfold.Sharding.Caching.Memcached;", 1)]
    [InlineData("src/Pinfold.Sharding/Engines/MySql/A.cs", "using Pinfold.Sharding.Engines;", 0)]
    [InlineData("src/Pinfold.Sharding/A.cs", "using Pinfold.Sharding.Engines.Sqlite;", 0)]
    public void AnAdapterThatKnowsAnotherIsFound(string path, string code, int findings) =>
        LayerRules.AdaptersApart(new(path, code)).Count().ShouldBe(findings);

    [Fact]
    public void APackageWithoutAReasonIsFound()
    {
        const string Props = """
            <ItemGroup Label="A">
              <PackageVersion Include="None" />
            </ItemGroup>
            <ItemGroup>
              <!-- For two. -->
              <PackageVersion Include="One" />
              <PackageVersion Include="Two" />
            </ItemGroup>
            """;

        RepositoryRules.PackageReasons(new("Directory.Packages.props", Props)).ShouldHaveSingleItem().Line.ShouldBe(2);
    }

    [Theory]
    [InlineData("[a](gone.md)", 1)]
    [InlineData("[a](page.md#gone)", 1)]
    [InlineData("[a](#gone)", 1)]
    [InlineData("![picture](gone.png \"title\")", 1)]
    [InlineData("[a](page.md), [b](page.md#the-two-heads), [c](../docs/page.md), [d](/docs/page.md)", 0)]
    [InlineData("[a](https://a.b/c), [b](mailto:a@b)", 0)]
    [InlineData("`[a](gone.md)`", 0)]
    [InlineData("```\n[a](gone.md)\n```", 0)]
    public void ALinkThatLeadsNowhereIsFound(string text, int findings) =>
        RepositoryRules.Links(new("docs/README.md", text), path => path == "docs/page.md" ? "# The `two` heads" : null)
            .Count().ShouldBe(findings);

    static SourceFile CSharp(string code) => new("src/Pinfold.Sharding/A.cs", code);

    static string Lines(int count) => string.Concat(Enumerable.Repeat("x\n", count));
}
