using System.Net;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>A user name and a password in a link are nobody's to read.</summary>
public sealed class CredentialTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    const string Secret = "s3cret-word";

    [Theory]
    [InlineData("https://user:pw@host.example/a?b#c", "https://host.example/a?b#c")]
    [InlineData("https://user@host.example", "https://host.example")]
    [InlineData("https://:pw@host.example:8443/", "https://host.example:8443/")]
    [InlineData("HTTPS://u@a:c@host.example/x@y", "HTTPS://host.example/x@y")]
    [InlineData("https:/user:pw@host.example/", "https:/host.example/")]
    [InlineData("https:user:pw@host.example/", "https:host.example/")]
    [InlineData("https:\\\\user:pw@host.example\\x@y", "https:\\\\host.example\\x@y")]
    [InlineData("ftp://user:pw@host.example/file", "ftp://host.example/file")]
    [InlineData("ssh://user:pw@host.example", "ssh://host.example")]
    [InlineData("//user:pw@host.example/", "//host.example/")]
    [InlineData("https://user:pw@[::1]:80/", "https://[::1]:80/")]
    [InlineData("https://user:pw@", "https://")]
    [InlineData("https://medium.example/@someone", "https://medium.example/@someone")]
    [InlineData("https://host.example?mail=a@a", "https://host.example?mail=a@a")]
    [InlineData("https://host.example#a@a", "https://host.example#a@a")]
    [InlineData("mailto:user@host.example", "mailto:user@host.example")]
    [InlineData("no address: user@host", "no address: user@host")]
    [InlineData("/ann/a@b", "/ann/a@b")]
    [InlineData("", "")]
    public void ALinkIsKeptWithoutThem(string link, string without) =>
        WebLink.WithoutCredentials(link).ShouldBe(without);

    [Fact]
    public async Task APinKeepsItsLinkWithoutThemAndSaysSo()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var made = await ann.PinAddressAsync($"https://a:{Secret}@a.example/page", "new", "Board");
        made.ShouldBe(HttpStatusCode.Redirect);
        var page = await ann.GetAsync(made.Location!);
        page.ShouldBe(HttpStatusCode.OK, "href=\"https://a.example/page\"", "were left out")
            .Text.ShouldNotContain(Secret);

        var edit = made.Location + "/edit";
        (await ann.PostAsync(edit, new() { ["title"] = "T", ["url"] = $"http://a:{Secret}@b.example/" }))
            .ShouldBe(HttpStatusCode.Redirect);
        (await ann.GetAsync(made.Location!)).ShouldBe(HttpStatusCode.OK, "href=\"http://b.example/\"", "were left out")
            .Text.ShouldNotContain(Secret);
        (await ann.GetAsync(edit)).ShouldBe(HttpStatusCode.OK, "http://b.example/").Text.ShouldNotContain(Secret);
        (await ann.GetAsync($"/new?url=https%3A%2F%2Fa%3A{Secret}%40a.example%2Fto-be-pinned")).Text
            .ShouldContain("value=\"https://a.example/to-be-pinned\"");

        await using var opened = await served.Place.OpenAsync();
        var pin = (await Holdings.PinsAsync(opened, "ann")).ShouldHaveSingleItem();
        $"{pin} {pin.Picture}".ShouldNotContain(Secret);
    }

    [Fact]
    public async Task AnUploadThatSaysWhereItIsFromKeepsThatWithoutThem()
    {
        using var ben = await Browser.SignedUpAsync(served.Address, "ben");
        var made = await ben.UploadAsync("/new", new ByteArrayContent(TestPng.Solid(9, 9, 1, 2, 3)), "a.png", new()
        {
            ["url"] = $"https://a:{Secret}@a.example/",
            ["board"] = "new",
            ["newBoard"] = "B",
        });
        made.ShouldBe(HttpStatusCode.Redirect);
        (await ben.GetAsync(made.Location!)).ShouldBe(HttpStatusCode.OK, "https://a.example/")
            .Text.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task AnImportKeepsAndReportsNone()
    {
        await served.Place.AddUsersAsync("cleo");
        var source = served.Place["credentials.html"];
        await File.WriteAllTextAsync(source, $"""
            <!DOCTYPE NETSCAPE-Bookmark-file-1>
            <DL><p>
            <DT><A HREF="https://a:{Secret}@a.example/1">One</A>
            <DT><A HREF="ftp://a:{Secret}@a.example/2">Two</A>
            <DT><A HREF="https://a:{Secret}@exa mple/3"></A>
            <DT><A HREF="https://a:{Secret}@a.example/{new string('x', 3000)}"></A>
            </DL>
            """);
        var finished = await served.Place.RunAsync(
            "import", "bookmarks", source, "--user", "cleo", "--no-fetch", "--json");
        finished.Code.ShouldBe(6, $"{finished}");
        $"{finished}".ShouldNotContain(Secret);
        finished.Out.ShouldContain("were left out");
        await using var opened = await served.Place.OpenAsync();
        (await Holdings.PinsAsync(opened, "cleo")).ShouldAllBe(p => !$"{p}".Contains(Secret));
        (await served.Place.ImportAsync("bookmarks", source, "cleo")).Number("added").ShouldBe(0);
    }
}
