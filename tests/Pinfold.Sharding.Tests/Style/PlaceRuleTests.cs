using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>A host or folder that only its author has is found at its line, whichever it is.</summary>
public sealed class PlaceRuleTests
{
    static readonly HashSet<string> Routes = ["pin", "src"];

    [Theory]
    [InlineData("README.md", "https://packages.corporation.com/v3/index.json")]
    [InlineData("README.md", "HTTPS://ME:SECRET@Packages.Corporation.com:8443")]
    [InlineData("README.md", "taken from packages.corporation.com, where it is")]
    [InlineData("src/A/packages.lock.json", "\"resolved\": \"https://artifacts/a.tgz\"")]
    [InlineData("nuget.config", "<add key=\"a\" value=\"http://8.8.8.8/nuget\" />")]
    [InlineData("test", "curl ftp://[2a00:1450::1]/file")]
    [InlineData("README.md", "file:///builds/a")]
    [InlineData("src/A/A.svg", "<image href='//' xlink='git+ssh://code.corporation.org/a.git'/>")]
    public void AHostThatIsNotKnownIsFound(string path, string text) =>
        PlaceRules.HostsAreKnown(new(path, "\n" + text)).ShouldHaveSingleItem().Line.ShouldBe(2);

    [Theory]
    [InlineData("https://github.com/a/b, (http://www.w3.org/2000/svg)")]
    [InlineData("https://a.example/?u=http://b.example:80, www.example.com, http://me@example.org")]
    [InlineData("http://localhost:5080 http://127.0.0.1:0 http://[::1]:80 http://10.1.2.3 http://0x7f000001")]
    [InlineData("$\"http://{address}:{port}\" https:// uri.StartsWith(\"http://\") http://*:80")]
    [InlineData("using System.IO; ASP.NET; file.Io.x; a.network; Net.Http.app()")]
    public void AHostThatEverybodyHasOrNobodyIsLetAlone(string text) =>
        PlaceRules.HostsAreKnown(new("README.md", text)).ShouldBeEmpty();

    [Theory]
    [InlineData("cd /builds/pinfold")]
    [InlineData("\"/home/somebody/pinfold\"")]
    [InlineData("PATH=/opt/dotnet/:$PATH")]
    [InlineData("copied to /tmp/w/heavy")]
    public void AFolderThatIsNotKnownIsFound(string text) =>
        PlaceRules.FoldersAreKnown(new("README.md", "\n" + text), Routes).ShouldHaveSingleItem().Line.ShouldBe(2);

    [Theory]
    [InlineData("#!/usr/bin/env bash")]
    [InlineData("/pin/123/edit and /src/Pinfold.Cli")]
    [InlineData("https://a.example/builds/x, docs/concepts/ids.md, ../builds/x, ./builds/x, <a/b/>, $HOME/builds/x")]
    [InlineData("and/or, km/h/s, {folder}/builds/x")]
    public void WhatIsNoFolderOfAMachineIsLetAlone(string text) =>
        PlaceRules.FoldersAreKnown(new("README.md", text), Routes).ShouldBeEmpty();

    [Fact]
    public void RoutesAreThoseThatCodeMaps() =>
        PlaceRules.RoutesOf(new("a.cs", "routes.MapGet(\"/boards/{id}/edit\", A); app.MapMethods(\n \"/assets/{h}\");"))
            .ShouldBe(["boards", "assets"]);
}
