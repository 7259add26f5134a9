using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Tests.Users;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.People;

public sealed class PeopleTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task EverybodyIsOnOnePageOfAnySizeAndOnce(string engine)
    {
        var pinboard = engines[engine];
        var names = Enumerable.Range(0, 40).Select(i => $"listed-{i}").ToList();
        foreach (var name in names)
            await pinboard.AddUserAsync(name);
        var people = pinboard.Get<PeopleReader>();
        var all = await ListAsync(int.MaxValue - 1);
        all.Count.ShouldBe(all.Distinct().Count());
        names.ShouldBeSubsetOf(all);

        foreach (var limit in (int[])[1, 2, 7, 40, 50])
            (await ListAsync(limit)).ShouldBe(all, $"{limit} to a page");

        async Task<List<string>> ListAsync(int limit)
        {
            var found = new List<string>();
            string? after = null;
            do
            {
                var page = await people.PageAsync(limit, after, default);
                page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
                found.AddRange(page.Items.Select(p => p.Username));
                after = page.Next;
            }
            while (after is not null);
            return found;
        }
    }

    [Fact]
    public async Task SomebodyIsFoundByNameAndByAddressAsTheyAreNow()
    {
        var pinboard = engines["SQLite"];
        var user = await pinboard.AddAsync("found");
        var session = await pinboard.SignInAsync("found");
        var people = pinboard.Get<PeopleReader>();

        var found = (await people.FindAsync("FOUND", default)).ShouldNotBeNull();
        (found.Id, found.Email, found.DisabledAt).ShouldBe((user, "found@example.org", null));
        found.SeenAt.ShouldBe((await pinboard.SignedInAsync(session)).Session.Body.SeenAt);
        (await people.FindAsync("found@example.org", default)).ShouldBe(found);
        (await people.FindAsync("nobody", default)).ShouldBeNull();
        (await people.FindAsync("no name", default)).ShouldBeNull();

        await pinboard.Get<PeopleService>().SetDisabledAsync(user, isDisabled: true, default);
        await pinboard.Get<PeopleService>().SetAdministratorAsync(user, isAdministrator: true, default);
        found = (await people.FindAsync("found", default)).ShouldNotBeNull();
        (found.DisabledAt is not null, found.IsAdministrator, found.SeenAt).ShouldBe((true, true, null));
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task ARoleCountsAtTheNextRequestInAnotherProcessAndNothingElseChanges(string engine)
    {
        var here = engines[engine];
        await using var other = engine == "SQLite" ? null : await engines.StartAnotherAsync(engine);
        var there = other ?? here;
        await here.AddUserAsync("promoter");
        var user = await here.AddAsync("promoted");
        var session = await there.SignInAsync("promoted");
        var before = await there.SignedInAsync(session);

        (await here.Get<PeopleService>().SetAdministratorAsync(user, isAdministrator: true, default)).ShouldBeTrue();
        (await here.Get<PeopleService>().SetAdministratorAsync(user, isAdministrator: true, default)).ShouldBeFalse();
        (await there.SignedInAsync(session)).Credentials.Body.ShouldBe(
            before.Credentials.Body with { IsAdministrator = true });
        // A password of one's own keeps it.
        await here.Get<Passwords>().ResetAsync(user, TestAccounts.OtherPassword, default);
        session = await there.SignInAsync("promoted", password: TestAccounts.OtherPassword);
        (await there.SignedInAsync(session)).Credentials.Body.IsAdministrator.ShouldBeTrue();

        (await here.Get<PeopleService>().SetAdministratorAsync(user, isAdministrator: false, default)).ShouldBeTrue();
        (await there.SignedInAsync(session)).Credentials.Body.IsAdministrator.ShouldBeFalse();
    }

    [Fact]
    public async Task NobodyDisablesThemselvesOrGivesTheirRoleAway()
    {
        var pinboard = engines["SQLite"];
        var user = await pinboard.AddUserAsync("oneself");
        pinboard.Get<AuditLog>().Origin = new AuditOrigin(user.Id, user.Name, "", "");

        foreach (var act in (Func<PeopleService, Task>[])
            [p => p.SetDisabledAsync(user.Id, true, default), p => p.SetAdministratorAsync(user.Id, false, default)])
            (await Should.ThrowAsync<PinfoldException>(() => act(pinboard.Get<PeopleService>())))
                .Kind.ShouldBe(ErrorKind.Forbidden);
    }
}
