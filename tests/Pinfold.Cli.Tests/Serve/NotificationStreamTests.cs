using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Follows;
using Pinfold.Pinboard.Notifications;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>Open pages hear of what is new: from a real service, over what happens to it.</summary>
public sealed class NotificationStreamTests
{
    const int SigTerm = 15;

    [Fact]
    public async Task AnOpenPageHearsOfWhatIsDoneAndOfWhatIsSeen()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var ben = await SecondAsync(place, served, "ben");
        using var page = await EventStream.OpenAsync(served.Address, ann.Cookies());
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.ContentHeaders.ContentType!.MediaType.ShouldBe("text/event-stream");
        page.ContentHeaders.ContentEncoding.ShouldBeEmpty("a proxy, or the browser, would wait for more of it");
        page.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await page.LineAsync()).ShouldBe("retry: 2000");
        (await page.NextAsync()).ShouldBe((0, null), "how it is comes first");

        (await ben.PostAsync("/settings", [], "/users/ann/follow")).ShouldBe(HttpStatusCode.Redirect);
        (await page.UntilAsync(1)).ShouldBe("ben follows you.");
        (await ann.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK, "data-unread=\"1\"");
        (await ann.GetAsync("/notifications")).ShouldBe(
            HttpStatusCode.OK, "<b class=\"told-new\">New</b>", "follows you", "data-unread=\"0\"");
        (await page.UntilAsync(0)).ShouldBeNull();
        (await ann.GetAsync("/notifications")).Text.ShouldNotContain("told-new");
        (await ben.PostAsync("/settings", [], "/users/ann/unfollow")).ShouldBe(HttpStatusCode.Redirect);
        (await ann.GetAsync("/notifications")).ShouldBe(HttpStatusCode.OK, "Nothing to tell yet");
    }

    [Fact]
    public async Task WhatHappensWhileTheServiceIsAwayIsToldAfterwardsAndNothingTwice()
    {
        await using var place = Place.Embedded();
        string cookies, lastId;
        await using (var first = await Served.StartAsync(place))
        {
            using var ann = await Browser.SignedUpAsync(first.Address, "ann");
            await place.AddUsersAsync("ben", "cleo");
            await FollowAsync(place, "ben", "ann");
            cookies = ann.Cookies();
            using var page = await EventStream.OpenAsync(first.Address, cookies);
            (await page.UntilAsync(1)).ShouldBe("ben follows you.", "another process wrote it");
            lastId = page.LastId;
            (await first.StopAsync()).Code.ShouldBe(0);
        }
        await using (var second = await Served.StartAsync(place))
        {
            using var same = await EventStream.OpenAsync(second.Address, cookies, lastId);
            (await same.LineAsync()).ShouldBe("retry: 2000");
            (await same.LineAsync()).ShouldBe("");
            (await same.LineAsync()).ShouldBe(":", "it knows that already");
            (await second.StopAsync()).Code.ShouldBe(0);
        }
        await FollowAsync(place, "cleo", "ann");
        await using var third = await Served.StartAsync(place);
        using var again = await EventStream.OpenAsync(third.Address, cookies, lastId);
        (await again.UntilAsync(2)).ShouldBe("cleo and ben follow you.");
    }

    [Fact]
    public async Task AServiceThatIsToEndWaitsForNoOpenPage()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var pages = new List<EventStream>();
        for (var i = 0; i < 3; i++)
        {
            pages.Add(await EventStream.OpenAsync(served.Address, ann.Cookies()));
            await pages[i].NextAsync();
        }
        served.Send(SigTerm);
        // One that the service had to break off would throw here.
        foreach (var page in pages)
            (await page.NextAsync()).ShouldBeNull("it ended as it should");
        var (code, log) = await served.EndedAsync();
        code.ShouldBe(0, log);
        log.ShouldNotContain("fail:");
        pages.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task ASessionThatEndsEndsItsPages()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        using var elsewhere = new Browser(served.Address);
        await elsewhere.SignInAsync("ann");
        var cookies = ann.Cookies();
        using var page = await EventStream.OpenAsync(served.Address, cookies);
        using var other = await EventStream.OpenAsync(served.Address, elsewhere.Cookies());
        await page.NextAsync();
        await other.NextAsync();
        (await ann.PostAsync("/settings", [], "/sign-out")).ShouldBe(HttpStatusCode.Redirect);
        (await page.NextAsync()).ShouldBeNull("it is over");
        using var after = await EventStream.OpenAsync(served.Address, cookies);
        after.Status.ShouldBe(HttpStatusCode.NoContent, "a browser does not ask again");
        await place.AddUsersAsync("ben");
        await FollowAsync(place, "ben", "ann");
        (await other.UntilAsync(1)).ShouldBe("ben follows you.", "the other session goes on");
    }

    [Fact]
    public async Task NobodyHasPagesWithoutEnd()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        var pages = new List<EventStream>();
        for (var i = 0; i < NotificationStreams.OfOnePersonMax; i++)
        {
            pages.Add(await EventStream.OpenAsync(served.Address, ann.Cookies()));
            pages[i].Status.ShouldBe(HttpStatusCode.OK);
        }
        using var tooMuch = await EventStream.OpenAsync(served.Address, ann.Cookies());
        tooMuch.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var nobody = await EventStream.OpenAsync(served.Address, "");
        nobody.Status.ShouldBe(HttpStatusCode.NoContent);
        pages[0].Dispose();
        while (true)
        {
            using var next = await EventStream.OpenAsync(served.Address, ann.Cookies());
            if (next.Status == HttpStatusCode.OK)
                break;
            await Task.Delay(50);
        }
        pages.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task APageOfOneProcessHearsOfWhatAnotherDid()
    {
        await using var place = await Place.OnAsync("MariaDB");
        await using var one = await Served.StartAsync(place);
        await using var other = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(one.Address, "ann");
        await place.AddUsersAsync("ben");
        using var ben = new Browser(other.Address);
        await ben.SignInAsync("ben");
        using var page = await EventStream.OpenAsync(one.Address, ann.Cookies());
        (await page.NextAsync()).ShouldBe((0, null));
        (await ben.PostAsync("/settings", [], "/users/ann/follow")).ShouldBe(HttpStatusCode.Redirect);
        (await page.UntilAsync(1)).ShouldBe("ben follows you.");
    }

    [Fact]
    public async Task WhatIsSwitchedOffInTheSettingsIsNotTold()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var ann = await Browser.SignedUpAsync(served.Address, "ann");
        (await ann.PostAsync("/settings/notifications", new() { ["on"] = "Likes" }))
            .ShouldBe(HttpStatusCode.Redirect).Location.ShouldBe("/settings/notifications");
        var settings = (await ann.GetAsync("/settings/notifications")).ShouldBe(HttpStatusCode.OK, "Saved.");
        settings.Text.ShouldContain("value=\"Likes\" checked");
        settings.Text.ShouldNotContain("value=\"Repins\" checked");
        await place.AddUsersAsync("ben");
        await FollowAsync(place, "ben", "ann");
        (await ann.PostAsync("/settings/notifications", new() { ["on"] = "Followers" }))
            .ShouldBe(HttpStatusCode.Redirect);
        await place.AddUsersAsync("cleo");
        await FollowAsync(place, "cleo", "ann");
        using var page = await EventStream.OpenAsync(served.Address, ann.Cookies());
        (await page.UntilAsync(1)).ShouldBe("cleo follows you.");
    }

    static async Task<Browser> SecondAsync(Place place, Served served, string name)
    {
        await place.AddUsersAsync(name);
        var browser = new Browser(served.Address);
        await browser.SignInAsync(name);
        return browser;
    }

    /// <summary>In a process of its own as far as the service can tell.</summary>
    static async Task FollowAsync(Place place, string who, string whom)
    {
        await using var opened = await place.OpenAsync();
        await opened.Services.GetRequiredService<FollowService>().FollowAsync(
            new Viewer(await opened.UserAsync(who)), await opened.UserAsync(whom), default);
    }
}
