using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

/// <summary>A preview tells nothing of the network that the service is in.</summary>
public sealed class PreviewTests
{
    [Fact]
    public async Task EveryRefusedOrUnknownAddressGetsTheSameSentence()
    {
        await using var place = Place.Embedded();
        await using var fetching = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0"), null, null);
        using var ann = await Browser.SignedUpAsync(fetching.Address, "ann");
        Answer? first = null;
        foreach (var address in (string[])
        [
            "http://127.0.0.1/", $"http://127.0.0.1:{fetching.Address.Port}/", "http://127.0.0.1:1/",
            "http://localhost/",
            "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/admin", "http://169.254.169.254/latest/meta-data/",
            "http://no-such-host.invalid/", "http://a.no-such-host.invalid:443/", "http://0x7f000001/", "https://0/",
            "http://[::ffff:127.0.0.1]/", "http://me:secret@127.0.0.1/", "http://example.invalid:22/",
            "http://[fd00::1]/",
        ])
        {
            var answer = await ann.GetAsync($"/new/preview?url={Uri.EscapeDataString(address)}");
            first ??= answer.ShouldBe(HttpStatusCode.BadRequest, "could not be looked at");
            answer.Status.ShouldBe(first.Status, address);
            answer.Text.ShouldBe(first.Text, address);
        }
        // What its own letters tell is told.
        (await ann.GetAsync("/new/preview?url=ftp%3A%2F%2Fhost.example"))
            .ShouldBe(HttpStatusCode.BadRequest, "not ftp");
        var (_, log) = await fetching.StopAsync();
        log.ShouldNotContain("fail:");
    }

    [Fact]
    public async Task WhatIsLookedAtCountsIntoWhatIsFetchedForAPerson()
    {
        await using var place = Place.Embedded();
        await using var fetching = await Served.StartAsync(
            place.Words("serve", "--urls", "http://127.0.0.1:0", "--budget-fetches", "2"), null, null);
        using var ann = await Browser.SignedUpAsync(fetching.Address, "ann");
        const string preview = "/new/preview?url=http%3A%2F%2F127.0.0.1%2F";
        for (var i = 0; i < 2; i++)
            (await ann.GetAsync(preview)).ShouldBe(HttpStatusCode.BadRequest, "could not be looked at");
        (await ann.GetAsync(preview)).ShouldBe(HttpStatusCode.TooManyRequests).Headers["Retry-After"].ShouldBe("60");

        (await place.RunAsync("user", "budget", "ann", "--fetches", "0")).Code.ShouldBe(0);
        await place.AddUsersAsync("bea");
        using var bea = new Browser(fetching.Address);
        await bea.SignInAsync("bea");
        (await bea.GetAsync(preview)).ShouldBe(HttpStatusCode.BadRequest, "could not be looked at");
    }
}
