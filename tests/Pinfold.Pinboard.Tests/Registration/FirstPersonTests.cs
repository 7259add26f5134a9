using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.Tests.Registration.TestSignUps;

namespace Pinfold.Pinboard.Tests.Registration;

public sealed class FirstPersonTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    static readonly DateTimeOffset Monday = new(2030, 4, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The only test of the shared ones: after it, somebody is there.</summary>
    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task OfThoseWhoSignUpAtOnceInTwoProcessesOneIsThereAndIsTheAdministrator(string engine)
    {
        var here = engines[engine];
        await using var other = engine == "SQLite" ? null : await engines.StartAnotherAsync(engine);
        TestPinboard[] processes = [here, other ?? here];

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => processes[i % 2].SignUpAsync($"first-{i}"))));

        made.Where(m => m.Outcome.Succeeded).ShouldHaveSingleItem().Account.IsAdministrator.ShouldBeTrue();
        made.Where(m => !m.Outcome.Succeeded).ShouldAllBe(m => SignUps.IsRefusal(m.Outcome.Errors.Single()));
        foreach (var process in processes)
            (await process.Get<SignUps>().ModeAsync(default)).ShouldBe(RegistrationMode.Invite);
        (await here.SignUpAsync("late")).Outcome.Succeeded.ShouldBeFalse();
        var first = (await here.Get<FirstPerson>().FindAsync(default)).ShouldNotBeNull();
        (await here.Get<Accounts>().GetAsync(first, default)).Account!.Username
            .ShouldBe(made.Single(m => m.Outcome.Succeeded).Account.Username);
    }

    [Fact]
    public async Task WhereItIsOpenOneOfThoseWhoComeAtOnceIsTheAdministratorAndOthersAreIn()
    {
        await using var pinboard = await TestPinboard.StartAsync(
            configure: settings => settings.Registration = RegistrationMode.Open);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => pinboard.SignUpAsync($"first-{i}"))));

        made.Count(m => m.Account.IsAdministrator && m.Outcome.Succeeded).ShouldBe(1);
        // Who comes while it is not known whether the first is made is told so, and comes again.
        foreach (var turnedAway in made.Where(m => !m.Outcome.Succeeded))
            (await pinboard.SignUpAsync(turnedAway.Account.Username)).ShouldSatisfyAllConditions(
                again => again.Outcome.Succeeded.ShouldBeTrue(),
                again => again.Account.IsAdministrator.ShouldBeFalse());
    }

    [Fact]
    public async Task TheFirstIsTheAdministratorHoweverTheirAccountIsMade()
    {
        await using var pinboard = await TestPinboard.StartAsync();

        var (mira, tove) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("tove"));

        (await IsAdministratorAsync(pinboard, mira.Id)).ShouldBeTrue();
        (await IsAdministratorAsync(pinboard, tove.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task WhereThereWerePeopleBeforeThereWasAFirstAStrangerIsNotIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var transaction = pinboard.Store.Begin(new ShardId(pinboard.Store.Topology.ShardCount - 1));
        transaction.Create(new User("mira", "Mira", null, Monday, 0));
        await transaction.CommitAsync();

        (await pinboard.Get<SignUps>().ModeAsync(default)).ShouldBe(RegistrationMode.Invite);
        (await pinboard.SignUpAsync("stranger")).Outcome.Succeeded.ShouldBeFalse();
        (await IsAdministratorAsync(pinboard, (await pinboard.AddUserAsync("tove")).Id)).ShouldBeFalse();
        (await pinboard.Get<FirstPerson>().FindAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task WhileSomebodyIsBeingMadeTheFirstNobodyElseIsMade()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var transaction = pinboard.Store.Begin(pinboard.Store.PickShard());
        var person = transaction.Create(new User("mira", "Mira", null, Monday, 0));
        (await pinboard.Get<FirstPerson>().TryClaimAsync(transaction, person, default)).ShouldBeTrue();

        var meanwhile = await pinboard.SignUpAsync("tove");
        meanwhile.Outcome.Errors.Single().Description.ShouldContain("Try again");
        await transaction.AbandonAsync();

        var after = await pinboard.SignUpAsync("tove");
        after.Outcome.Succeeded.ShouldBeTrue();
        after.Account.IsAdministrator.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData(RegistrationMode.Open, true, true)]
    [InlineData(RegistrationMode.Invite, false, false)]
    [InlineData(RegistrationMode.Closed, false, false)]
    internal async Task WhoMaySignUpIsWhatWasSaid(RegistrationMode? mode, bool first, bool second)
    {
        await using var pinboard = await TestPinboard.StartAsync(configure: s => s.Registration = mode);

        (await pinboard.SignUpAsync("mira")).Outcome.Succeeded.ShouldBe(first);
        if (!first)
            await pinboard.AddUserAsync("mira");
        (await pinboard.SignUpAsync("tove")).Outcome.Succeeded.ShouldBe(second);
        if (!second)
            (await pinboard.Users.FindAsync("tove", default)).ShouldBeNull("and nothing of them is kept");
    }

    [Fact]
    public async Task OnceSomebodyIsKnownToBeHereNothingIsAskedForIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await pinboard.AddUserAsync("mira");
        await pinboard.Get<SignUps>().ModeAsync(default);
        using var trips = new RoundTrips(pinboard);

        await pinboard.Get<SignUps>().ModeAsync(default);

        (trips.Reads, trips.Commits).ShouldBe((0, 0));
    }

    static async Task<bool> IsAdministratorAsync(TestPinboard pinboard, ObjectId<User> user) =>
        (await pinboard.Get<Accounts>().GetAsync(user, default)).Credentials!.Body.IsAdministrator;
}
