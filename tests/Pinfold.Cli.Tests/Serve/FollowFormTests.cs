using System.Net;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Following and blocking by forms alone, as a browser without scripts sends them.</summary>
public sealed partial class FollowFormTests(ServedPlace served) : IClassFixture<ServedPlace>
{
    [Fact]
    public async Task SomebodyIsFollowedAndUnfollowedFromTheirProfile()
    {
        using var robin = await Browser.SignedUpAsync(served.Address, "robin");
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var anybody = new Browser(served.Address);
        (await anybody.GetAsync("/mira")).ShouldBe(HttpStatusCode.OK, "/sign-in?returnUrl=%2Fmira", "0 followers");
        (await mira.GetAsync("/mira")).Text.ShouldNotContain("/users/mira/follow\"", customMessage: "it is oneself");

        (await robin.PostAsync("/mira", new() { ["return"] = "/mira?x=1" }, "/users/mira/follow"))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe("/mira?x=1");
        (await robin.PostAsync("/mira", new() { ["return"] = "//elsewhere.example/" }, "/users/mira/follow"))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe("/mira", "following twice is one follow");

        (await robin.GetAsync("/mira")).ShouldBe(HttpStatusCode.OK, "/users/mira/unfollow", "1 follower<",
            "You follow mira.");
        (await robin.GetAsync("/users/robin/following")).ShouldBe(HttpStatusCode.OK, "@mira", "/users/mira/unfollow");
        await mira.WaitForAsync("/users/mira/followers", page => page.Contains("@robin", StringComparison.Ordinal));
        (await anybody.GetAsync("/users/mira/followers")).ShouldBe(HttpStatusCode.OK, "@robin");

        (await robin.PostAsync("/mira", [], "/users/mira/unfollow")).ShouldBe(HttpStatusCode.Redirect);
        (await robin.GetAsync("/mira")).ShouldBe(HttpStatusCode.OK, "/users/mira/follow\"", "0 followers");
        (await robin.GetAsync("/users/robin/following")).ShouldBe(HttpStatusCode.OK, "Following nobody yet");
    }

    [Fact]
    public async Task WhatCannotBeFollowedIsRefusedInPlainWords()
    {
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        (await ann.PostAsync("/settings", [], "/users/ann/follow")).ShouldBe(HttpStatusCode.BadRequest, "This is you.");
        (await ann.PostAsync("/settings", [], "/users/nobody-here/follow")).ShouldBe(HttpStatusCode.NotFound);
        using var form = new FormUrlEncodedContent([new("return", "/ann")]);
        (await ann.SendAsync(HttpMethod.Post, "/users/ann/follow", form)).ShouldBe(HttpStatusCode.BadRequest, "reload");
        using var anybody = new Browser(served.Address);
        (await anybody.PostAsync("/sign-in", [], "/users/ann/follow")).ShouldBe(HttpStatusCode.Redirect)
            .Location!.ShouldContain("/sign-in");
        foreach (var cursor in (string[])["x", "CfDJ8AAAA"])
            (await ann.GetAsync($"/users/ann/followers?cursor={cursor}"))
                .ShouldBe(HttpStatusCode.BadRequest, "Begin at the top.");
    }

    [Fact]
    public async Task ABoardIsFollowedLeftOutAndTakenBackIn()
    {
        using var tove = await Browser.SignedUpAsync(served.Address, "tove");
        using var noor = await Browser.SignedUpAsync(served.Address, "noor");
        var (path, id) = await noor.MakeBoardAsync("Sea");
        (await tove.GetAsync(path)).ShouldBe(HttpStatusCode.OK, $"/boards/{id}/follow\"", "0 followers");

        await DoAsync("follow");
        (await tove.GetAsync(path)).ShouldBe(HttpStatusCode.OK, $"/boards/{id}/unfollow\"", "1 follower<");
        (await tove.GetAsync("/users/tove/following/boards")).ShouldBe(HttpStatusCode.OK, path, "noor");
        await DoAsync("unfollow");
        (await tove.PostAsync("/noor", [], "/users/noor/follow")).ShouldBe(HttpStatusCode.Redirect);
        (await tove.GetAsync(path)).ShouldBe(HttpStatusCode.OK, $"/boards/{id}/leave-out\"", "You follow noor, and so");
        await DoAsync("leave-out");
        (await tove.GetAsync(path)).ShouldBe(HttpStatusCode.OK, $"/boards/{id}/take-back\"", "without this board");
        await DoAsync("take-back");
        (await tove.GetAsync(path)).ShouldBe(HttpStatusCode.OK, $"/boards/{id}/leave-out\"");
        (await noor.PostAsync("/settings", [], $"/boards/{id}/follow"))
            .ShouldBe(HttpStatusCode.BadRequest, "This board is yours.");

        async Task DoAsync(string verb) => (await tove.PostAsync(path, [], $"/boards/{id}/{verb}"))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe(path);
    }

    [Fact]
    public async Task ABoardThatTurnsSecretIsInNobodysListAndAnswersAsOneThatNeverWas()
    {
        using var ida = await Browser.SignedUpAsync(served.Address, "ida");
        using var olav = await Browser.SignedUpAsync(served.Address, "olav");
        var (path, id) = await olav.MakeBoardAsync("Plans");
        (await ida.PostAsync(path, [], $"/boards/{id}/follow")).ShouldBe(HttpStatusCode.Redirect);
        (await ida.GetAsync("/users/ida/following/boards")).ShouldBe(HttpStatusCode.OK, "You follow this board.", path);

        (await olav.PostAsync($"/boards/{id}/edit", new() { ["name"] = "Plans", ["secret"] = "true" }))
            .ShouldBe(HttpStatusCode.Redirect);

        (await ida.GetAsync("/users/ida/following/boards")).Words.ShouldNotContain("Plans");
        await ida.WaitForAsync("/users/ida/following/boards", page => Boards(page) == "0");
        var never = new ObjectId(ObjectId.Parse(id).Shard, 2, ObjectId.LocalMax);
        foreach (var verb in (string[])["follow", "unfollow", "leave-out", "take-back"])
            foreach (var board in (string[])[id, $"{never}"])
                (await ida.PostAsync("/settings", [], $"/boards/{board}/{verb}")).ShouldBe(HttpStatusCode.NotFound);

        static string Boards(string page) => BoardCount().Match(page).Groups[1].Value;
    }

    [Fact]
    public async Task WhoIsBlockedIsListedInTheSettingsAndNotTold()
    {
        using var leif = await Browser.SignedUpAsync(served.Address, "leif");
        using var brage = await Browser.SignedUpAsync(served.Address, "brage");
        (await brage.PostAsync("/leif", [], "/users/leif/follow")).ShouldBe(HttpStatusCode.Redirect);

        (await leif.PostAsync("/brage", [], "/users/brage/block")).ShouldBe(HttpStatusCode.Redirect)
            .Location.ShouldBe("/brage");

        (await leif.GetAsync("/brage")).ShouldBe(HttpStatusCode.OK, "You have blocked brage.", "/users/brage/unblock")
            .Text.ShouldNotContain("/users/brage/follow\"");
        (await leif.GetAsync("/settings/blocked")).ShouldBe(HttpStatusCode.OK, "@brage");
        (await leif.PostAsync("/settings", [], "/users/brage/follow"))
            .ShouldBe(HttpStatusCode.Forbidden, "You have blocked this person.");
        var after = await brage.WaitForAsync("/leif", page => page.Contains("0 followers", StringComparison.Ordinal));
        after.ShouldContain("/users/leif/follow\"", customMessage: "the button is as for anybody");
        after.ShouldNotContain("You have blocked");
        (await brage.PostAsync("/leif", [], "/users/leif/follow"))
            .ShouldBe(HttpStatusCode.Forbidden, "This person cannot be followed.").Words.ShouldNotContain("blocked");

        (await leif.PostAsync("/settings/blocked", new() { ["return"] = "/settings/blocked" }, "/users/brage/unblock"))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe("/settings/blocked");
        (await leif.GetAsync("/settings/blocked")).ShouldBe(HttpStatusCode.OK, "Nobody.");
    }

    [GeneratedRegex("Boards <span>([0-9,]+)</span>")]
    private static partial Regex BoardCount();
}
