using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Who may sign up, as visitors meet it.</summary>
public sealed partial class RegistrationTests
{
    static readonly Dictionary<string, string> Unsaid = new() { ["PINFOLD_REGISTRATION"] = "" };

    [Fact]
    public async Task TheFirstIsTheAdministratorAndOthersAreInvitedByALink()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place, Unsaid);
        using var visitor = new Browser(served.Address);
        (await visitor.GetAsync("/sign-up")).ShouldBe(HttpStatusCode.OK, "You are the first one here", "administrator");
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        (await mira.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "You are the administrator here.");

        var early = await visitor.GetAsync("/sign-up");
        early.ShouldBe(HttpStatusCode.OK, "Somebody who is here can invite you");
        early.Text.ShouldNotContain("name=\"password\"");
        (await SignUpAsync(visitor, "tove", null)).ShouldBe(HttpStatusCode.Forbidden, "invitation is not good");
        var link = await InviteAsync(mira);
        (await visitor.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "name=\"password\"");
        (await SignUpAsync(visitor, "tove", "1.nonsense")).ShouldBe(HttpStatusCode.Forbidden);
        (await SignUpAsync(visitor, "mira", link)).ShouldBe(HttpStatusCode.UnprocessableEntity, "taken");
        (await SignUpAsync(visitor, "tove", link)).ShouldBe(HttpStatusCode.Redirect);
        (await visitor.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "Welcome, tove");

        using var other = new Browser(served.Address);
        var used = await other.GetAsync(link);
        used.ShouldBe(HttpStatusCode.OK, "This invitation is not good");
        (await other.GetAsync("/sign-up?invitation=1.nonsense")).Words.ShouldContain("This invitation is not good");
        (await SignUpAsync(other, "noor", link)).ShouldBe(HttpStatusCode.Forbidden);

        // Whoever is here may invite, one person with each link, and take a link back.
        (await visitor.GetAsync("/settings/invitations")).Text.ShouldNotContain("name=\"uses\"");
        (await visitor.PostAsync("/settings/invitations", new() { ["days"] = "7", ["uses"] = "2" }))
            .ShouldBe(HttpStatusCode.Forbidden);
        (await visitor.PostAsync("/settings/invitations", new() { ["days"] = "1000" }))
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "1 to 90 days");
        var taken = await InviteAsync(visitor);
        var page = await visitor.GetAsync("/settings/invitations");
        page.Text.ShouldNotContain(TokenOf(taken), customMessage: "it is shown once");
        var id = Revocable().Match(page.Text).Groups[1].Value;
        (await mira.PostAsync("/settings/invitations", new() { ["id"] = id }, "/settings/invitations/revoke"))
            .ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync(taken)).Text.ShouldContain("name=\"password\"");
        (await visitor.PostAsync("/settings/invitations", new() { ["id"] = id }, "/settings/invitations/revoke"))
            .ShouldBe(HttpStatusCode.Redirect);
        (await other.GetAsync(taken)).Words.ShouldContain("This invitation is not good");

        var (code, log) = await served.StopAsync();
        code.ShouldBe(0);
        foreach (var token in (string[])[TokenOf(link), TokenOf(taken)])
        {
            log.ShouldNotContain(token);
            foreach (var file in Directory.EnumerateFiles(place.Data, "*", SearchOption.AllDirectories))
                Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file))
                    .ShouldNotContain(token, customMessage: file);
        }
    }

    [Fact]
    public async Task WhereItIsClosedNobodyIsAskedToSignUpAndNobodyCan()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("mira");
        var invited = (await place.RunAsync("user", "invite")).ShouldEnd(0).Out.Trim();
        await using var served = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--no-fetch", "--registration", "closed"), null, null);
        using var visitor = new Browser(served.Address);

        foreach (var path in (string[])["/", "/sign-in", "/mira"])
            (await visitor.GetAsync(path)).ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("/sign-up");
        foreach (var path in (string[])["/sign-up", invited])
            (await visitor.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Nobody can sign up here")
                .Text.ShouldNotContain("name=\"password\"");
        (await SignUpAsync(visitor, "tove", invited)).ShouldBe(HttpStatusCode.Forbidden, "Nobody can sign up here");
        using var mira = await SignedInAsync(served, "mira");
        (await mira.GetAsync("/settings/invitations")).ShouldBe(HttpStatusCode.OK, "Nobody can sign up here");

        await place.AddUsersAsync("tove");
        using var tove = await SignedInAsync(served, "tove");
    }

    [Fact]
    public async Task WhereItIsOpenEverybodySignsUpAndAWrongWordIsRefused()
    {
        await using var place = Place.Embedded();
        (await place.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--registration", "friends"))
            .ShouldRefuse(2, "friends", "open, invite or closed");
        await using var served = await Served.StartAsync(
            place, new Dictionary<string, string> { ["PINFOLD_REGISTRATION"] = "Open" });
        using var mira = await Browser.SignedUpAsync(served.Address, "mira");
        using var tove = await Browser.SignedUpAsync(served.Address, "tove");
        (await tove.GetAsync("/settings/invitations")).ShouldBe(HttpStatusCode.OK, "nobody needs an invitation");
        (await mira.GetAsync("/admin/people")).ShouldBe(HttpStatusCode.OK, "@tove");
        (await tove.GetAsync("/admin/people")).ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>The path of a new link.</summary>
    internal static async Task<string> InviteAsync(Browser browser)
    {
        var made = await browser.PostAsync("/settings/invitations", new() { ["days"] = "7" });
        made.ShouldBe(HttpStatusCode.OK);
        made.Headers["Cache-Control"].ShouldBe("no-store");
        return new Uri(Link().Match(made.Words).Groups[1].Value).PathAndQuery;
    }

    static async Task<Answer> SignUpAsync(Browser browser, string name, string? link)
    {
        var fields = new Dictionary<string, string>
        {
            ["username"] = name,
            ["email"] = $"{name}@mail.example",
            ["password"] = Place.Password,
        };
        if (link is not null)
            fields["invitation"] = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return await browser.PostAsync("/sign-in", fields, "/sign-up");
    }

    static async Task<Browser> SignedInAsync(Served served, string name)
    {
        var browser = new Browser(served.Address);
        (await browser.PostAsync("/sign-in", new() { ["name"] = name, ["password"] = Place.Password }))
            .ShouldBe(HttpStatusCode.Redirect);
        return browser;
    }

    static string TokenOf(string link) => link[(link.IndexOf('.', StringComparison.Ordinal) + 1)..];

    [GeneratedRegex("value=\"(http://[^\"]+/sign-up\\?invitation=[^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"id\" value=\"([0-9]+)\"")]
    private static partial Regex Revocable();
}
