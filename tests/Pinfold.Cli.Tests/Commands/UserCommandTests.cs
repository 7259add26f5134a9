using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

public sealed class UserCommandTests
{
    [Fact]
    public async Task AUserIsAddedOnceAndGetsAnotherPassword()
    {
        await using var place = Place.Embedded();
        var added = (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "Ann", "--json")).ShouldEnd(0);
        added.Json["username"]!.GetValue<string>().ShouldBe("ann");
        (await PinfoldProgram.RunAsync(["id", added.Json["id"]!.GetValue<string>()])).ShouldEnd(0).Out
            .ShouldContain("users");

        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "ann")).ShouldRefuse(4, "ann", "taken");
        (await place.RunWithInputAsync("short\n", "user", "add", "ben")).ShouldRefuse(2, "12");
        (await place.RunWithInputAsync("", "user", "add", "ben")).ShouldRefuse(2, "stdin");
        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "b/n")).ShouldRefuse(2, "user name");
        (await place.RunWithInputAsync($"{Place.Password}\n", "user", "add", "ben", "--email", "nowhere"))
            .ShouldRefuse(2, "email");

        (await place.RunWithInputAsync("another long password\n", "user", "reset-password", "ann")).ShouldEnd(0);
        (await place.RunWithInputAsync("short\n", "user", "reset-password", "ann")).ShouldRefuse(2, "12");
        (await place.RunWithInputAsync("another long password\n", "user", "reset-password", "ben"))
            .ShouldRefuse(3, "ben");

        await using var served = await Served.StartAsync(place);
        using var browser = new Browser(served.Address);
        (await browser.PostAsync("/sign-in", new() { ["name"] = "ann", ["password"] = Place.Password }))
            .Status.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        (await browser.PostAsync("/sign-in", new() { ["name"] = "ann", ["password"] = "another long password" }))
            .ShouldBe(System.Net.HttpStatusCode.Redirect);
    }
}
