using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Addresses that somebody typed: wrong ids, others' secrets, ways out of the picture folder.</summary>
public sealed partial class AddressTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task AnIdOfAnotherTypeIsNotFoundOrRefused()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var (path, board) = await ann.MakeBoardAsync("A board");
        var pin = await ann.PinAsync(board, TestPng.Solid(30, 20, 1, 1, 1), "A pin");
        foreach (var address in (string[])
        [
            $"/pin/{board}", $"/pin/{board}/edit", $"/pin/{board}/save", $"/boards/{pin}/edit", $"/boards/{pin}/delete",
            $"{path}?section={pin}", $"/images/{board}/236/abc.webp", $"/import/{pin}", "/pin/x", "/pin/-5", "/pin/0",
            "/pin/99999999999999999999", "/pin/4611686018427387904", "/boards/x/edit",
        ])
            (await ann.GetAsync(address))
                .Status.ShouldBe(HttpStatusCode.NotFound, address);
        (await ann.PinAddressAsync("https://a.example/", pin))
            .Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ACursorOfAnotherListIsRefused()
    {
        await served.Place.AddUsersAsync("ben", "cleo");
        await served.Place.ImportAsync("bookmarks", Samples.MakeBookmarks(served.Place["cursors.html"], 3000), "ben");
        using var anybody = new Browser(served.Address);
        var page = await anybody.WaitForAsync("/ben", text => Cursor().IsMatch(text));
        var cursor = Cursor().Match(page).Groups[1].Value;
        (await anybody.GetAsync($"/ben?cursor={cursor}")).ShouldBe(HttpStatusCode.OK);
        (await anybody.GetAsync($"/cleo?cursor={cursor}")).ShouldBe(HttpStatusCode.BadRequest);
        (await anybody.GetAsync($"/ben/folder-0?cursor={cursor}")).ShouldBe(HttpStatusCode.BadRequest);
        (await anybody.GetAsync("/ben?cursor=nonsense")).ShouldBe(HttpStatusCode.BadRequest);
        (await anybody.GetAsync($"/ben?cursor={new string('A', 5000)}")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task WhatIsSecretIsNotThereForOthers()
    {
        using var dora = await Browser.SignedUpAsync(served.Address, "dora");
        using var emil = await Browser.SignedUpAsync(served.Address, "emil");
        using var anybody = new Browser(served.Address);
        var (path, board) = await dora.MakeBoardAsync("Surprise", isSecret: true);
        var pin = await dora.PinAsync(board, TestPng.Solid(600, 400, 200, 30, 40), "A present");
        var page = await dora.WaitForAsync($"/pin/{pin}", text => Picture().IsMatch(text));
        var picture = WebUtility.HtmlDecode(Picture().Match(page).Value);
        (await dora.GetAsync(picture)).ShouldBe(HttpStatusCode.OK).Headers["Content-Type"].ShouldBe("image/webp");

        foreach (var address in (string[])[path, $"/pin/{pin}", picture])
            foreach (var other in (Browser[])[emil, anybody])
                (await other.GetAsync(address)).ShouldBe(HttpStatusCode.NotFound).Words.ShouldNotContain("present");
        foreach (var address in (string[])
            [$"/pin/{pin}/edit", $"/pin/{pin}/delete", $"/pin/{pin}/save", $"/boards/{board}/edit",
                $"/boards/{board}/delete"])
        {
            (await emil.GetAsync(address)).ShouldBe(HttpStatusCode.NotFound);
            (await emil.PostAsync("/settings", new()
            {
                ["title"] = "x",
                ["name"] = "x",
                ["board"] = "new",
                ["newBoard"] = "Mine"
            }, address))
                .Status.ShouldBeOneOf([HttpStatusCode.NotFound, HttpStatusCode.Forbidden], address);
            (await anybody.GetAsync(address)).ShouldBe(HttpStatusCode.Redirect).Location!.ShouldContain("/sign-in");
        }
        foreach (var list in (string[])["/dora", "/search?q=Surprise"])
            (await emil.GetAsync(list)).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain($"\"{path}\"");
        (await dora.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, "A present");
    }

    [Fact]
    public async Task SomebodyElsesPublicBoardCannotBeChanged()
    {
        using var fred = await Browser.SignedUpAsync(served.Address, "fred");
        using var gina = await Browser.SignedUpAsync(served.Address, "gina");
        var (path, board) = await fred.MakeBoardAsync("Open");
        var pin = await fred.PinAsync(board, TestPng.Solid(30, 20, 5, 1, 1), "Seen");
        (await gina.GetAsync($"/boards/{board}/edit"))
            .Status.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
        foreach (var address in (string[])[$"/boards/{board}/edit", $"/boards/{board}/delete", $"/pin/{pin}/edit",
            $"/pin/{pin}/delete"])
            (await gina.PostAsync("/settings", new() { ["name"] = "Mine now", ["title"] = "Mine now" }, address))
                .Status.ShouldBeOneOf([HttpStatusCode.Forbidden, HttpStatusCode.NotFound], address);
        (await gina.PinAddressAsync("https://a.example/", board))
            .Status.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
                HttpStatusCode.UnprocessableEntity);
        (await fred.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Open", "Seen").Words.ShouldNotContain("Mine now");
    }

    [Theory]
    [InlineData("/images/../../shards/pinfold00000.db")]
    [InlineData("/images/%2e%2e/%2e%2e/shards")]
    [InlineData("/images/1/236/..%2f..%2f..%2fkeys")]
    [InlineData("/images/1/236/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("/assets/..%2f..%2fpinfold.dll")]
    [InlineData("/new/preview/picture?of=../../etc/passwd")]
    public async Task NoAddressLeadsOutOfThePictureFolder(string address)
    {
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync(address)).Status.ShouldBeOneOf(
            [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.Redirect], address);
    }

    [GeneratedRegex("cursor=([^\"&]+)")]
    private static partial Regex Cursor();

    [GeneratedRegex(@"/images/\d+/\d+/[0-9a-f]+\.webp")]
    private static partial Regex Picture();
}
