using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Serve;

public sealed class ServeCommandTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ItAnswersAtThePrintedAddressAndEndsCleanly()
    {
        await using var place = Place.Embedded();
        var sinceStart = Stopwatch.StartNew();
        await using var served = await Served.StartAsync(place);
        using var browser = new Browser(served.Address);
        (await browser.GetAsync("/")).ShouldBe(HttpStatusCode.OK, "Pinfold");
        output.WriteLine($"From start to the first page: {sinceStart.ElapsedMilliseconds} ms.");
        (await browser.GetAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync("/health")).ShouldBe(HttpStatusCode.OK);
        var (code, log) = await served.StopAsync();
        code.ShouldBe(0, log);
        log.ShouldNotContain("fail:");
    }

    [Fact]
    public async Task APortThatIsTakenIsNamed()
    {
        await using var place = Place.Embedded();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        ShouldBeOneLine((await place.RunAsync("serve", "--urls", url))
            .ShouldRefuse(5, url, "the port is in use", "--urls"));
    }

    [Theory]
    [InlineData("nowhere", 2, "http://127.0.0.1:5080")]
    [InlineData("https://127.0.0.1:0", 2, "--trusted-proxies")]
    [InlineData("http://127.0.0.1:0/pins", 2, "no path")]
    [InlineData("http://127.0.0.1:99999", 2, "65535")]
    [InlineData("http://pins.example:0", 2, "pins.example is a name")]
    [InlineData("http://192.0.2.1:0", 5, "this machine does not have that address")]
    public async Task AnAddressThatCannotBeHadIsNamedInOneLine(string url, int code, string why)
    {
        await using var place = Place.Embedded();
        ShouldBeOneLine((await place.RunAsync("serve", "--urls", url)).ShouldRefuse(code, url, why));
    }

    [Fact]
    public async Task APortThatNeedsAPrivilegeIsNamedInOneLine()
    {
        await using var place = Place.Embedded();
        // In a network of its own the kernel's default holds: ports below 1024 are for the privileged.
        string[] unprivileged = ["unshare", "--user", "--net", "--"];
        ShouldBeOneLine((await PinfoldProgram.RunAsync(place.Words("serve", "--urls", "http://*:80"),
            wrapper: unprivileged)).ShouldRefuse(5, "http://*:80", "below 1024"));
    }

    static void ShouldBeOneLine(Finished refused) =>
        refused.Error.TrimEnd().Split('\n').Length.ShouldBe(1, refused.ToString());

    [Fact]
    public async Task LivenessAndReadinessAreAnsweredForProbes()
    {
        await using var place = Place.Embedded();
        await using var served = await Served.StartAsync(place);
        using var probe = new Browser(served.Address);
        foreach (var path in (string[])["/health/live", "/health/ready", "/health"])
            (await probe.GetAsync(path)).ShouldBe(HttpStatusCode.OK).Text.ShouldBe("Healthy");
    }

    [Fact]
    public async Task AnImportBesideTheServiceIsSeenOnItsPages()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await using var served = await Served.StartAsync(place);
        using var browser = new Browser(served.Address);
        (await browser.GetAsync("/ann")).ShouldBe(HttpStatusCode.OK);
        await place.ImportAsync("bookmarks", Samples.Find("bookmarks/netscape_multiline.htm"), "ann");
        var page = await browser.WaitForAsync("/ann", text => text.Split("id=\"pin-").Length - 1 == 3);
        page.ShouldContain("/pin/");
        (await served.StopAsync()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task AThousandPinsFitIntoAModestAmountOfMemory()
    {
        const long ResidentMax = 200L << 20;
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        await place.ImportAsync("bookmarks", Samples.MakeBookmarks(place["bookmarks.html"], 1000), "ann");
        await using var served = await Served.StartAsync(place);
        using var browser = new Browser(served.Address);
        foreach (var path in (string[])["/", "/ann", "/ann/folder-0", "/search?q=ann", "/sign-up", "/ann"])
            (await browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK);
        var resident = served.ReadResidentBytes();
        output.WriteLine($"Resident with a thousand pins: {resident >> 20} MB.");
        resident.ShouldBeLessThan(ResidentMax);
    }
}
