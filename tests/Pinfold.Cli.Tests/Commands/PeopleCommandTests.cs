using System.Text.Json.Nodes;
using Pinfold.Cli.Tests.Running;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Commands;

/// <summary>What whoever runs the installation does about people, and reads of them.</summary>
public sealed class PeopleCommandTests
{
    [Theory]
    [MemberData(nameof(Fleet.AllEngines), MemberType = typeof(Fleet))]
    public async Task OfTwoWhoAreAddedAtOnceOneIsTheAdministrator(string engine)
    {
        await using var place = await Place.OnAsync(engine);
        await (await place.OpenAsync()).DisposeAsync();

        var added = await Task.WhenAll(AddAsync(place, "ann"), AddAsync(place, "ben"));

        added.Count(a => a.Code == 0 && RoleOf(a) == "administrator").ShouldBe(1);
        // Who came while the other was not made yet is told so, and comes again.
        foreach (var (finished, name) in added.Zip((string[])["ann", "ben"]).Where(a => a.First.Code != 0))
        {
            finished.ShouldRefuse(4, "Try again");
            RoleOf((await AddAsync(place, name)).ShouldEnd(0)).ShouldBe("person");
        }
        var listed = (await place.RunAsync("user", "list", "--json")).ShouldEnd(0).Json.AsArray();
        listed.Select(u => $"{u!["username"]} {u["state"]}").Order().ShouldBe(["ann active", "ben active"]);
        listed.Count(u => u!["role"]!.GetValue<string>() == "administrator").ShouldBe(1);
    }

    [Fact]
    public async Task PeopleAreListedMadeAdministratorsAndDisabled()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann", "ben");

        (await place.RunAsync("user", "list")).ShouldEnd(0).Out.ShouldContain("administrator");
        (await place.RunAsync("user", "list", "--limit", "1")).ShouldEnd(0).Error.ShouldContain("more than 1");
        (await place.RunAsync("user", "list", "--limit", "0")).ShouldRefuse(2, "--limit 0");

        (await place.RunAsync("user", "admin", "ben")).ShouldEnd(0).Out.ShouldContain("ben is an administrator.");
        (await place.RunAsync("user", "admin", "ben")).ShouldEnd(0).Out.ShouldContain("already");
        // Whoever runs the installation always can: nobody is locked out of it by their pages.
        foreach (var name in (string[])["ann", "ben"])
            (await place.RunAsync("user", "admin", name, "--remove")).ShouldEnd(0).Out.ShouldContain("any more");
        (await place.RunAsync("user", "admin", "cleo")).ShouldRefuse(3, "cleo");

        (await place.RunAsync("user", "disable", "ann")).ShouldEnd(0).Out.ShouldContain("ann is disabled");
        (await place.RunAsync("user", "disable", "cleo")).ShouldRefuse(3, "cleo");
        (await StateAsync("ann")).ShouldBe("disabled");
        (await place.RunAsync("user", "disable", "ann", "--enable")).ShouldEnd(0).Out.ShouldContain("sign in again");
        (await StateAsync("ann")).ShouldBe("active");

        async Task<string> StateAsync(string name) =>
            (await place.RunAsync("user", "list", "--json")).ShouldEnd(0).Json.AsArray()
                .Single(u => u!["username"]!.GetValue<string>() == name)!["state"]!.GetValue<string>();
    }

    [Fact]
    public async Task ALinkIsMadeForSomebodyAndTakenBack()
    {
        await using var place = Place.Embedded();
        var ofNobody = (await place.RunAsync("user", "invite", "--json")).ShouldEnd(0).Json;
        ofNobody["by"].ShouldBeNull();
        await place.AddUsersAsync("ann", "ben");

        var bare = (await place.RunAsync("user", "invite")).ShouldEnd(0);
        bare.Out.ShouldStartWith("/sign-up?invitation=");
        bare.Out.Trim().Split('\n').ShouldHaveSingleItem();
        bare.Error.ShouldContain("for one person");
        var made = (await place.RunAsync(
            "user", "invite", "--by", "ben", "--uses", "3", "--days", "2", "--json")).ShouldEnd(0).Json;
        (made["by"]!.GetValue<string>(), made["uses"]!.GetValue<int>()).ShouldBe(("ben", 3));
        (await place.RunAsync("user", "invite", "--days", "91")).ShouldRefuse(2, "1 to 90");
        (await place.RunAsync("user", "invite", "--uses", "0")).ShouldRefuse(2, "1 to 100");
        (await place.RunAsync("user", "invite", "--by", "cleo")).ShouldRefuse(3, "cleo");

        foreach (var invitation in (JsonNode[])[made, ofNobody])
            (await place.RunAsync("user", "invite", "--revoke", invitation["id"]!.GetValue<string>())).ShouldEnd(0);
        (await place.RunAsync("user", "invite", "--revoke", "7")).ShouldRefuse(2);

        var acts = (await place.RunAsync("audit", "--user", "ben", "--json")).ShouldEnd(0).Json.AsArray();
        acts.Select(a => a!["event"]!.GetValue<string>()).Where(e => e.StartsWith("inv", StringComparison.Ordinal))
            .ShouldBe(["invitationRevoked", "invitationMade"]);
        acts[0]!["byOperator"]!.GetValue<bool>().ShouldBeTrue();
        acts.ToJsonString().ShouldNotContain(made["link"]!.GetValue<string>().Split('.')[1]);
    }

    [Fact]
    public async Task TheAuditLogIsReadOfOneOrOfAllSinceATimeAndSoMany()
    {
        await using var place = Place.Embedded();
        await place.AddUsersAsync("ann", "ben");
        (await place.RunAsync("user", "disable", "ben")).ShouldEnd(0);

        (await place.RunAsync("audit")).ShouldEnd(0).Out.ShouldContain("Account disabled");
        var all = (await place.RunAsync("audit", "--json")).ShouldEnd(0).Json.AsArray();
        all.Select(a => a!["at"]!.GetValue<DateTimeOffset>()).ShouldBeInOrder(SortDirection.Descending);
        (all.Count, $"{all[0]!["event"]}", $"{all[0]!["user"]}").ShouldBe((4, "disabled", "ben"));
        (await place.RunAsync("audit", "--limit", "1", "--json")).ShouldEnd(0).Json.AsArray().Count.ShouldBe(1);
        (await place.RunAsync("audit", "--user", "ann", "--json")).ShouldEnd(0).Json.AsArray()
            .ShouldAllBe(a => a!["user"]!.GetValue<string>() == "ann");
        (await place.RunAsync("audit", "--since", "1d", "--json")).ShouldEnd(0).Json.AsArray().Count.ShouldBe(4);
        (await place.RunAsync("audit", "--since", "2100-01-01", "--json")).ShouldEnd(0).Json.AsArray().ShouldBeEmpty();
        (await place.RunAsync("audit", "--since", "soon")).ShouldRefuse(2, "--since soon", "7d");
        (await place.RunAsync("audit", "--user", "cleo")).ShouldRefuse(3, "cleo");
        (await place.RunAsync("audit", "--limit", "-1")).ShouldRefuse(2, "--limit");
    }

    static Task<Finished> AddAsync(Place place, string name) =>
        place.RunWithInputAsync($"{Place.Password}\n", "user", "add", name, "--json");

    static string RoleOf(Finished added) => added.Json["role"]!.GetValue<string>();
}
