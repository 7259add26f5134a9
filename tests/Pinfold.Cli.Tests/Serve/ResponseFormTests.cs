using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Liking, commenting and saving by forms alone, as a browser without scripts sends them.</summary>
public sealed partial class ResponseFormTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task APinIsLikedAndUnlikedFromItsPageAndItsCard()
    {
        using var robin = await Browser.SignedUpAsync(served.Address, "robin");
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var anybody = new Browser(served.Address);
        var (board, pin) = await PinAsync(mira, "Sea");
        (await anybody.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, $"/sign-in?returnUrl=%2Fpin%2F{pin}",
            "0 likes", "0 comments", "0 saves");
        (await robin.GetAsync(board)).ShouldBe(HttpStatusCode.OK, $"formaction=\"/pin/{pin}/like\"", "id=\"hearts\"");
        (await mira.GetAsync(board)).Text.ShouldNotContain($"/pin/{pin}/like", customMessage: "it is her own");

        for (var i = 0; i < 2; i++)
            (await robin.PostAsync(board, new() { ["return"] = $"{board}#pin-{pin}" }, $"/pin/{pin}/like"))
                .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe($"{board}#pin-{pin}");
        (await robin.GetAsync($"/pin/{pin}")).ShouldBe(
            HttpStatusCode.OK, $"/pin/{pin}/unlike", "1 like<", "Liked by", "robin");
        (await robin.GetAsync(board)).ShouldBe(HttpStatusCode.OK, $"formaction=\"/pin/{pin}/unlike\"");
        (await robin.GetAsync("/users/robin/likes")).ShouldBe(HttpStatusCode.OK, $"pin-{pin}");
        await mira.WaitForAsync($"/pin/{pin}", page => page.Contains("1 like<", StringComparison.Ordinal));

        (await robin.PostAsync(board, new() { ["quiet"] = "true" }, $"/pin/{pin}/unlike"))
            .ShouldBe(HttpStatusCode.NoContent);
        (await robin.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, $"/pin/{pin}/like", "0 likes");
        (await mira.GetAsync("/users/robin/likes")).ShouldBe(HttpStatusCode.Forbidden);
        (await mira.GetAsync("/users/nobody-here/likes")).ShouldBe(HttpStatusCode.Forbidden);
        (await mira.PostAsync("/settings", [], $"/pin/{pin}/like")).ShouldBe(HttpStatusCode.BadRequest, "yours");
        (await robin.PostAsync("/settings", [], "/pin/1/like")).ShouldBe(HttpStatusCode.NotFound);
        (await anybody.PostAsync("/sign-in", [], $"/pin/{pin}/like")).ShouldBe(HttpStatusCode.Redirect)
            .Location!.ShouldContain("/sign-in");
    }

    [Fact]
    public async Task ACommentIsWrittenEditedAndDeleted()
    {
        using var tove = await Browser.SignedUpAsync(served.Address, "tove");
        using var noor = await Browser.SignedUpAsync(served.Address, "noor");
        using var anybody = new Browser(served.Address);
        var (_, pin) = await PinAsync(noor, "Hills");
        var form = $"/pin/{pin}/comments";
        (await anybody.GetAsync(form)).ShouldBe(HttpStatusCode.OK, "Sign in to comment", "Nobody has said anything");

        var made = (await tove.PostAsync(form, new()
        {
            ["text"] = "See https://example.org/a?b=1&c=2, <script>alert(1)</script>\r\nand javascript:alert(2)",
        })).ShouldBe(HttpStatusCode.Redirect).Location!;
        made.ShouldStartWith($"/pin/{pin}#comment-");
        var comment = made.Split('-')[^1];
        var page = (await tove.GetAsync($"/pin/{pin}"))
            .ShouldBe(HttpStatusCode.OK, "1 comment<", "Edit", "Delete").Text;
        page.ShouldContain(
            "<a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow ugc noopener noreferrer\"><bdi>");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldNotContain("<script>alert");
        page.ShouldNotContain("href=\"javascript:");

        await noor.WaitForAsync(form, p => p.Contains($"comment-{comment}", StringComparison.Ordinal));
        (await noor.GetAsync($"/comments/{comment}/edit")).ShouldBe(HttpStatusCode.Forbidden, "Only who wrote");
        (await tove.PostAsync($"/comments/{comment}/edit", new() { ["text"] = "Better words" }))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe(made);
        (await anybody.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, "Better words", ", edited");

        (await noor.GetAsync($"/comments/{comment}/delete")).ShouldBe(HttpStatusCode.OK, "they are not told");
        (await noor.PostAsync($"/comments/{comment}/delete", [])).ShouldBe(HttpStatusCode.Redirect);
        (await anybody.GetAsync(form)).ShouldBe(HttpStatusCode.OK, "Nobody has said anything");
        foreach (var verb in (string[])["edit", "delete"])
        {
            (await tove.GetAsync($"/comments/{comment}/{verb}")).ShouldBe(HttpStatusCode.NotFound);
            (await tove.PostAsync("/settings", new() { ["text"] = "x" }, $"/comments/{comment}/{verb}"))
                .ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task WhatIsNoCommentIsRefusedAndStillThere()
    {
        using var ida = await Browser.SignedUpAsync(served.Address, "ida");
        var (_, pin) = await PinAsync(ida, "Clouds");
        var form = $"/pin/{pin}/comments";
        foreach (var blank in (string[])["", "  \r\n ", "\u200b\u200e", "\u0007"])
            (await ida.PostAsync(form, new() { ["text"] = blank }))
                .ShouldBe(HttpStatusCode.UnprocessableEntity, "Write something first");
        var megabyte = "begin " + string.Concat(Enumerable.Repeat("ab<c ", 1 << 18));
        var answer = (await ida.PostAsync(form, new() { ["text"] = megabyte })).ShouldBe(
            HttpStatusCode.UnprocessableEntity, "A comment has at most 2,000 characters; this has 1,310,");
        answer.Words.ShouldContain(megabyte.TrimEnd(), customMessage: "what was typed is not lost");
        (await ida.PostAsync(form, new() { ["text"] = string.Concat(Enumerable.Repeat("🦀", 2000)) }))
            .ShouldBe(HttpStatusCode.Redirect);
        (await ida.PostAsync(form, new() { ["text"] = "\u202e<b>שלום\u2066" })).ShouldBe(HttpStatusCode.Redirect);
        (await ida.GetAsync(form)).ShouldBe(HttpStatusCode.OK, "dir=\"auto\">\u202e<b>שלום\u2066</p>");
        (await ida.PostAsync("/settings", new() { ["text"] = "x" }, "/pin/1/comments"))
            .ShouldBe(HttpStatusCode.NotFound);
        foreach (var cursor in (string[])["x", "CfDJ8AAAA"])
            (await ida.GetAsync($"{form}?cursor={cursor}")).ShouldBe(HttpStatusCode.BadRequest, "Begin at the top.");
    }

    [Fact]
    public async Task ManyCommentsComeInPagesBySealedLinks()
    {
        using var liv = await Browser.SignedUpAsync(served.Address, "liv");
        var (_, pin) = await PinAsync(liv, "Fog");
        var (form, other) = ($"/pin/{pin}/comments", (await PinAsync(liv, "Rain")).Pin);
        for (var i = 0; i < 52; i++)
            (await liv.PostAsync(form, new() { ["text"] = $"word {i}." })).ShouldBe(HttpStatusCode.Redirect);
        var first = await liv.WaitForAsync(form, page => page.Contains("Earlier comments", StringComparison.Ordinal));
        var next = WebUtility.HtmlDecode(Next().Match(first).Groups[1].Value);

        (await liv.GetAsync(next)).ShouldBe(HttpStatusCode.OK, "word 0.").Words.ShouldNotContain("word 40.");
        (await liv.GetAsync(next.Replace(pin, other, StringComparison.Ordinal)))
            .ShouldBe(HttpStatusCode.BadRequest, "Begin at the top.");
        (await liv.GetAsync($"/pin/{pin}")).ShouldBe(HttpStatusCode.OK, "word 51.", "All comments");
    }

    [Fact]
    public async Task ASavedPinSaysWhereItIsFromUntilThatIsGone()
    {
        using var ole = await Browser.SignedUpAsync(served.Address, "ole");
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var kari = await Browser.SignedUpAsync(served.Address, "kari");
        var (_, first) = await PinAsync(ole, "Stones");
        var second = await SaveAsync(ann, first, "Kept");
        var third = await SaveAsync(kari, second, "Mine");
        (await kari.GetAsync($"/pin/{second}")).ShouldBe(HttpStatusCode.OK, "from ole’s Stones");
        (await ann.GetAsync($"/pin/{third}"))
            .ShouldBe(HttpStatusCode.OK, "from ann’s Kept", "First pinned by", ">ole<");
        await ann.WaitForAsync($"/pin/{first}", page => page.Contains("2 saves", StringComparison.Ordinal));

        (await ole.PostAsync($"/pin/{first}/delete", [])).ShouldBe(HttpStatusCode.Redirect);
        (await kari.GetAsync($"/pin/{second}")).ShouldBe(HttpStatusCode.OK, "The original is gone.")
            .Words.ShouldNotContain("Stones");
        (await kari.GetAsync($"/pin/{third}")).ShouldBe(HttpStatusCode.OK, "from ann’s Kept", "The original is gone.");
        (await ann.PostAsync("/kari", [], "/users/kari/block")).ShouldBe(HttpStatusCode.Redirect);
        var after = await kari.WaitForAsync(
            $"/pin/{third}", page => !page.Contains("Kept", StringComparison.Ordinal));
        after.ShouldContain("The original is gone.");
    }

    [Fact]
    public async Task WhoIsBlockedIsRefusedWithoutBeingTold()
    {
        using var leif = await Browser.SignedUpAsync(served.Address, "leif");
        using var brage = await Browser.SignedUpAsync(served.Address, "brage");
        var (_, pin) = await PinAsync(leif, "Boats");
        (await leif.PostAsync("/brage", [], "/users/brage/block")).ShouldBe(HttpStatusCode.Redirect);
        await UntilAsync(async () => (await brage.PostAsync("/settings", new() { ["quiet"] = "1" }, $"/pin/{pin}/like"))
            .Status == HttpStatusCode.Forbidden);

        (await brage.PostAsync("/settings", [], $"/pin/{pin}/like"))
            .ShouldBe(HttpStatusCode.Forbidden, "This pin cannot be liked.").Words.ShouldNotContain("blocked");
        (await brage.PostAsync($"/pin/{pin}/comments", new() { ["text"] = "typed at length" })).ShouldBe(
            HttpStatusCode.UnprocessableEntity, "This pin cannot be commented on.", "typed at length")
            .Words.ShouldNotContain("blocked");
        (await brage.PostAsync($"/pin/{pin}/save", new() { ["board"] = "new", ["newBoard"] = "Half done" }))
            .ShouldBe(HttpStatusCode.Forbidden, "This pin cannot be saved.").Words.ShouldNotContain("blocked");
        (await brage.GetAsync("/brage")).Words.ShouldNotContain("Half done");

        async Task UntilAsync(Func<Task<bool>> isSo)
        {
            while (!await isSo())
                (await brage.PostAsync("/settings", [], $"/pin/{pin}/unlike")).ShouldBe(HttpStatusCode.Redirect);
        }
    }

    [Fact]
    public async Task WhoWritesWithoutEndIsHeldUp()
    {
        using var stig = await Browser.SignedUpAsync(served.Address, "stig");
        var (_, pin) = await PinAsync(stig, "Noise");
        var token = await stig.TokenAsync("/settings");
        for (var i = 0; i < 200; i++)
        {
            using var form = new FormUrlEncodedContent([new("text", ""), new("__RequestVerificationToken", token)]);
            var answer = await stig.SendAsync(HttpMethod.Post, $"/pin/{pin}/comments", form);
            if (answer.Status == HttpStatusCode.TooManyRequests)
                return;
        }
        throw new InvalidOperationException("200 comments in a row were let through.");
    }

    static async Task<(string Board, string Pin)> PinAsync(Browser browser, string name)
    {
        var (path, id) = await browser.MakeBoardAsync(name);
        var made = await browser.PinAddressAsync("https://shown.example/", id);
        made.ShouldBe(HttpStatusCode.Redirect);
        return (path, made.Location!["/pin/".Length..]);
    }

    /// <summary>Gives the id of the copy.</summary>
    static async Task<string> SaveAsync(Browser browser, string pin, string board)
    {
        (await browser.PostAsync($"/pin/{pin}/save", new() { ["board"] = "new", ["newBoard"] = board }))
            .ShouldBe(HttpStatusCode.Redirect);
        var home = (await browser.GetAsync("/?show=own")).Text;
        return Card().Match(home).Groups[1].Value;
    }

    [GeneratedRegex("<a class=\"button\" rel=\"next\" href=\"([^\"]+)\">Earlier")]
    private static partial Regex Next();

    [GeneratedRegex("id=\"pin-([0-9]+)\"")]
    private static partial Regex Card();
}
