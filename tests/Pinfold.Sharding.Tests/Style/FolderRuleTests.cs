using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>A circle of folders is found however C# makes one: sources are made up, as (path, code).</summary>
public sealed class FolderRuleTests
{
    const string Project = "src/Pinfold.Pinboard";

    [Theory]
    [InlineData("using Pinfold.Pinboard.Users;", "using Pinfold.Pinboard.Boards;")]
    [InlineData("using Pinfold.Pinboard.Users;", "using static Pinfold.Pinboard.Boards.Board;")]
    [InlineData("using Pinfold.Pinboard.Users;", "using Lid = Pinfold.Pinboard.Boards.Board;")]
    [InlineData("using Pinfold.Pinboard.Users;", "class B { List<Pinfold.Pinboard.Boards.Board> Boards; }")]
    [InlineData("using Pinfold.Pinboard.Users;", "class B { Boards.Board Lid; }")]
    [InlineData("using Pinfold.Pinboard.Users;", "class B { void C() => Pinboard.Boards.Board.Open(); }")]
    [InlineData("class A { Users.User U; }", "global using Pinfold.Pinboard.Boards;")]
    public void TwoFoldersThatUseOneAnotherAreFound(string ofBoards, string ofUsers) =>
        Circles(
            ("Boards/A.cs", ofBoards), ("Boards/Board.cs", "class Board;"),
            ("Users/B.cs", ofUsers), ("Users/User.cs", "record User;")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("class B : Page;")]
    [InlineData("class B { Page? _page; }")]
    [InlineData("class B(int a) { void C() => a.Turn(); }")]
    [InlineData("class B { void C() => Web.Page.Show(); }")]
    public void AParentThatImportsItsChildIsFoundThoughTheChildNeedsNoDirective(string ofChild) =>
        Circles(
            ("Web/Page.cs", "using Pinfold.Pinboard.Web.Serving;\nclass Page;"),
            ("Web/Turning.cs", "static class Turning { public static int Turn(this int a) => a; }"),
            ("Web/Serving/B.cs", ofChild)).ShouldHaveSingleItem().Message.ShouldContain("Web/Serving/B.cs");

    [Fact]
    public void TheRootIsAParentToo() =>
        Circles(("Pin.cs", "using Pinfold.Pinboard.Images;\nclass Pin;"), ("Images/A.cs", "class A { Pin P; }"))
            .ShouldHaveSingleItem();

    [Fact]
    public void TheShortestCircleIsToldWithItsFilesAndWords()
    {
        var finding = Circles(
            ("A/A.cs", "using Pinfold.Pinboard.B;\nclass TypeA;"),
            ("B/B.cs", "using Pinfold.Pinboard.C;\nclass TypeB;"),
            ("C/C.cs", "using Pinfold.Pinboard.A;\nclass TypeC;"),
            ("D/D.cs", "using Pinfold.Pinboard.E;\nclass TypeD;"), ("E/E.cs", "class TypeE\n{\n    D.TypeD? _d;\n}"))
            .ShouldHaveSingleItem();

        finding.Path.ShouldBe($"{Project}/D/D.cs");
        finding.Message.ShouldContain(
            "Pinfold.Pinboard.D uses Pinfold.Pinboard.E (src/Pinfold.Pinboard/D/D.cs:1: using Pinfold.Pinboard.E); "
            + "Pinfold.Pinboard.E uses Pinfold.Pinboard.D (src/Pinfold.Pinboard/E/E.cs:6: D.TypeD)");
    }

    [Fact]
    public void ACircleThroughAViewIsFound() =>
        Circles(
            ("Web/Cards/Card.cs", "using Pinfold.Pinboard.Web.Pages;\nclass Card;"),
            ("Web/Pages/Home.cshtml", "@using Pinfold.Pinboard.Web.Cards\n@model Card")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("// class Users.User\nclass A { string Text = \"Boards.Board\"; }")]
    [InlineData("class A { void B(Shelf shelf) => shelf.Boards.Open(); }")]
    [InlineData("class A { int Board => 3; } class C { class Page; }")]
    [InlineData("class A { string Boards; void B() => Boards.Trim(); }")]
    [InlineData("using Pinfold.Sharding.Boards;")]
    public void WhatOnlyLooksLikeAUseIsLetAlone(string ofUsers) =>
        Circles(("Users/A.cs", ofUsers), ("Boards/Board.cs", "using Pinfold.Pinboard.Users;\nclass Board;"))
            .ShouldBeEmpty();

    [Fact]
    public void ANearerTypeOfTheNameIsTheOneThatIsMeant() =>
        Circles(
            ("Web/Page.cs", "using Pinfold.Pinboard.Web.Pages;\nclass Page;"),
            ("Web/Pages/Page.cs", "class Page;"), ("Web/Pages/A.cs", "class A : Page;")).ShouldBeEmpty();

    [Fact]
    public void OneWayIsNoCircle() =>
        Circles(
            ("Pin.cs", "class Pin;"), ("Boards/A.cs", "class A { Pin P; }"),
            ("Hosting/B.cs", "using Pinfold.Pinboard.Boards;\nclass B { A Of; Pin P; }")).ShouldBeEmpty();

    [Fact]
    public void ARootOfWordsThatImportsAFolderIsFoundAlsoWhenNothingComesBack() =>
        FolderRules.RootImportsNothing(Project,
            Files([("Pin.cs", "class Pin { Images.Picture P; }"), ("Images/Picture.cs", "class Picture;")]))
            .ShouldHaveSingleItem().Path.ShouldBe($"{Project}/Pin.cs");

    static IEnumerable<Finding> Circles(params (string Path, string Code)[] sources) =>
        FolderRules.Circles(Project, Files(sources));

    /// <summary>With the namespace of the folder after the directives, as everywhere here.</summary>
    static IEnumerable<SourceFile> Files((string Path, string Code)[] sources) =>
        from source in sources
        let path = $"{Project}/{source.Path}"
        let lines = source.Code.Split('\n')
        let directives = lines.TakeWhile(line => line.Contains("using ", StringComparison.Ordinal)).Count()
        let own = string.Join('.', path.Split('/')[1..^1])
        select new SourceFile(path, !path.EndsWith(".cs", StringComparison.Ordinal) ? source.Code : string.Join('\n',
            [.. lines[..directives], "", $"namespace {own};", "", .. lines[directives..]]));
}
