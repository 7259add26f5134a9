using System.Net;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class BudgetCommandTests
{
    [Fact]
    public async Task ABudgetIsShownGivenAndTakenBack()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann");
        var usual = (await place.RunAsync("user", "budget", "ann", "--json")).ShouldEnd(0).Json;
        usual["bytesMax"]!.GetValue<long>().ShouldBe(20L << 30);
        usual["isTheirOwn"]!.GetValue<bool>().ShouldBeFalse();

        var own = (await place.RunAsync("user", "budget", "ann", "--bytes", "1.5GB", "--pins", "3", "--json"))
            .ShouldEnd(0).Json;
        own["bytesMax"]!.GetValue<long>().ShouldBe(3L << 29);
        own["pinsMax"]!.GetValue<int>().ShouldBe(3);
        own["fetchesPerMinute"]!.GetValue<int>().ShouldBe(60);
        (await place.RunAsync("user", "budget", "ann")).ShouldEnd(0).Out.ShouldContain("1.5 GB");

        (await place.RunAsync("user", "budget", "ann", "--default", "--json", "--budget-pins", "7")).ShouldEnd(0)
            .Json["pinsMax"]!.GetValue<int>().ShouldBe(7);
        (await place.RunAsync("user", "budget", "ann", "--bytes", "much")).ShouldRefuse(2, "much", "20GB");
        (await place.RunAsync("user", "budget", "ann", "--pins", "-1")).ShouldRefuse(2, "-1");
        (await place.RunAsync("user", "budget", "nobody")).ShouldRefuse(3, "nobody");
    }

    [Fact]
    public async Task AnImportBeyondTheBudgetEndsAndTheSettingsSayWhatIsKept()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ben");
        var bookmarks = Samples.MakeBookmarks(place["bookmarks.html"], 20);
        var refused = await place.RunAsync(
            "import", "bookmarks", bookmarks, "--user", "ben", "--no-fetch", "--budget-pins", "12");
        refused.Code.ShouldBe(6, refused.ToString());
        refused.Out.ShouldContain("12 added");
        refused.Error.ShouldContain("12 is the most");

        await using var served = await Served.StartAsync(place);
        using var ben = new Browser(served.Address);
        await ben.SignInAsync("ben");
        (await ben.GetAsync("/settings")).ShouldBe(HttpStatusCode.OK, "12 of 200,000");
    }
}
