using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;
using static Pinfold.Pinboard.Tests.Users.TestAccounts;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class SignInTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    const string Wrong = "not the password";

    [Fact]
    public async Task TenWrongPasswordsHoldUpTheirNetworkForAQuarterOfAnHourAndNobodyElse()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        await pinboard.AddAsync("mira");
        await pinboard.AddAsync("ida");
        var known = (await pinboard.SignInAsync("mira")).Device;

        await FailAsync(pinboard, "mira", 9, Home);
        await pinboard.SignInAsync("mira");
        await FailAsync(pinboard, "mira", 9, Home);
        await pinboard.SignInAsync("mira");
        await FailAsync(pinboard, "mira", 10, Home);

        (await pinboard.TryAsync("mira", Password)).Outcome.ShouldBe(SignInOutcome.Refused);
        (await pinboard.TryAsync("mira@example.org", Password)).Outcome.ShouldBe(SignInOutcome.Refused, "its address");
        await pinboard.SignInAsync("mira", From("192.0.2.2"));
        await pinboard.SignInAsync("mira", Home with { Known = known });
        await pinboard.SignInAsync("ida");
        time.Advance(WrongPasswords.Rest);
        await pinboard.SignInAsync("mira");
    }

    [Fact]
    public async Task AKnownDeviceHasTriesOfItsOwnWhichEndToo()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var user = await pinboard.AddAsync("mira");
        await pinboard.AddAsync("ida");
        var known = Home with { Known = (await pinboard.SignInAsync("mira")).Device };
        var idas = Home with { Known = (await pinboard.SignInAsync("ida")).Device };

        await FailAsync(pinboard, "mira", 10, known);
        (await pinboard.TryAsync("mira", Password, known)).Outcome.ShouldBe(SignInOutcome.Refused);
        await pinboard.SignInAsync("mira", Home);

        await FailAsync(pinboard, "mira", 10, idas);
        (await pinboard.TryAsync("mira", Password, Home)).Outcome.ShouldBe(
            SignInOutcome.Refused, "another's device counts as its network");

        var stolen = Home with { Known = known.Known! with { Number = Guid.NewGuid() } };
        await pinboard.SignInAsync("mira", stolen);
        await pinboard.Get<Passwords>().ResetAsync(user, OtherPassword, default);
        (await pinboard.TryAsync("mira", OtherPassword, stolen)).Outcome.ShouldBe(
            SignInOutcome.Refused, "no device is known any more");
    }

    [Fact]
    public async Task ManyNetworksHoldUpNeitherTheKnownDeviceNorTheOwnerOnANewOneButEachOther()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        await pinboard.AddAsync("mira");
        var known = Home with { Known = (await pinboard.SignInAsync("mira")).Device };
        for (var network = 0; network < WrongPasswords.OfAllMax / 10; network++)
            await FailAsync(pinboard, "mira", 10, From($"198.51.100.{network}"));

        await FailAsync(pinboard, "mira", 3, From("203.0.113.1"));
        (await pinboard.TryAsync("mira", Password, From("203.0.113.1"))).Outcome.ShouldBe(SignInOutcome.Refused);
        time.Advance(WrongPasswords.Rest);
        (await pinboard.TryAsync("mira", Password, From("203.0.113.1"))).Outcome.ShouldBe(
            SignInOutcome.Refused, "three in an hour");
        await pinboard.SignInAsync("mira", From("203.0.113.2"));
        await FailAsync(pinboard, "mira", 9, known);
        await pinboard.SignInAsync("mira", known);
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task TriesSideBySideAreAllCounted(string engine)
    {
        var pinboard = engines[engine];
        await pinboard.AddAsync("sides");
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => pinboard.TryAsync("sides", Wrong)));
        var user = (await pinboard.Get<Accounts>().FindIdAsync("sides", default)).ShouldNotBeNull();
        (await pinboard.Store.CountAsync(UserHasWrongPasswords, user)).ShouldBe(WrongPasswords.OfOneMax);
        (await pinboard.TryAsync("sides", Password)).Outcome.ShouldBe(SignInOutcome.Refused);
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.ServerNames), MemberType = typeof(PinboardEngines))]
    public async Task ProcessesCountTogether(string engine)
    {
        await using var other = await engines.StartAnotherAsync(engine);
        await engines[engine].AddAsync("together");
        await FailAsync(engines[engine], "together", 5, Home);
        await FailAsync(other, "together", 5, Home);
        (await engines[engine].TryAsync("together", Password)).Outcome.ShouldBe(SignInOutcome.Refused);
        (await other.TryAsync("together", Password)).Outcome.ShouldBe(SignInOutcome.Refused);
    }

    /// <summary>Not by a clock: work and round trips are what takes time, and they are counted.</summary>
    [Fact]
    public async Task AnUnknownNameCostsAndSaysWhatAWrongPasswordDoesAndAHeldUpOneToo()
    {
        var hashes = new CountedHasher();
        await using var pinboard = await TestPinboard.StartAsync(
            replace: services => services.AddSingleton<IPasswordHasher<Account>>(hashes));
        await pinboard.AddAsync("mira");
        // A name that is not confirmed yet is asked for twice.
        await pinboard.FollowAsync();
        await pinboard.StopFollowingAsync();

        for (var i = 0; i <= WrongPasswords.OfOneMax; i++)
        {
            var known = await CountAsync("mira");
            (await CountAsync("nobody-here")).ShouldBe(known, $"try {i + 1}");
            (await CountAsync("mira@example.org", From("192.0.2.9"))).ShouldBe(
                await CountAsync("nobody@example.org", From("192.0.2.9")), $"address, try {i + 1}");
            known.Hashes.ShouldBe(1);
            known.Commits.ShouldBe(i < WrongPasswords.OfOneMax ? 1 : 0);
            (await pinboard.TryAsync("mira", new string('x', 5000), From($"198.51.100.{i}"))).Outcome
                .ShouldBe(SignInOutcome.Refused);
        }

        async Task<(SignInOutcome Outcome, int Hashes, int Reads, int Commits)> CountAsync(
            string name, Client? client = null)
        {
            hashes.Count = 0;
            using var trips = new RoundTrips(pinboard);
            var result = await pinboard.TryAsync(name, Wrong, client);
            return (result.Outcome, hashes.Count, trips.Reads, trips.Commits);
        }
    }

    [Fact]
    public async Task TheCurrentPasswordInTheSettingsCountsToo()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await pinboard.AddAsync("mira");
        var session = await pinboard.SignInAsync("mira");
        var signedIn = await pinboard.SignedInAsync(session);
        for (var i = 0; i < 10; i++)
            (await ChangeAsync(Wrong)).Errors.ShouldContain(e => e.Code == "PasswordMismatch");

        (await ChangeAsync(Password)).Errors.ShouldContain(e => e.Code == "PasswordMismatch");
        (await pinboard.TryAsync("mira", Password)).Outcome.ShouldBe(SignInOutcome.Refused);
        await pinboard.SignedInAsync(session);

        async Task<IdentityResult> ChangeAsync(string current)
        {
            var (outcome, _) = await pinboard.Get<Passwords>().ChangeAsync(
                signedIn, current, OtherPassword, Home, default);
            return outcome;
        }
    }

    [Fact]
    public async Task AnAddressThatShowsTheDeviceOfAnotherAccountIsHeldUpInTheEnd()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await pinboard.AddAsync("ida");
        var idas = Home with { Known = (await pinboard.SignInAsync("ida")).Device };
        for (var i = 0; i < AddressTries.PerMinute; i++)
            (await pinboard.TryAsync($"name-{i}", Wrong, idas)).Outcome.ShouldBe(SignInOutcome.Refused);
        (await pinboard.TryAsync("name", Wrong, idas)).Outcome.ShouldBe(SignInOutcome.HeldUp);
        await pinboard.SignInAsync("ida", idas);
    }

    [Fact]
    public async Task WhatCountsNoLongerIsNotKept()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var user = await pinboard.AddAsync("mira");
        for (var i = 0; i < 5; i++)
            await FailAsync(pinboard, "mira", 10, From($"192.0.2.{i}"));
        time.Advance(TimeSpan.FromHours(1));
        await FailAsync(pinboard, "mira", 1, Home);
        (await pinboard.Store.CountAsync(UserHasWrongPasswords, user)).ShouldBe(1);
    }

    static async Task FailAsync(TestPinboard pinboard, string name, int times, Client client)
    {
        for (var i = 0; i < times; i++)
            (await pinboard.TryAsync(name, Wrong, client)).Outcome.ShouldBe(SignInOutcome.Refused);
    }

    sealed class CountedHasher : IPasswordHasher<Account>
    {
        readonly AccountPasswordHasher _hasher = new(Options.Create(
            new PasswordHasherOptions { IterationCount = TestPinboard.HashIterations }));

        public int Count { get; set; }

        public string HashPassword(Account user, string password)
        {
            Count++;
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashed, string provided)
        {
            Count++;
            return _hasher.VerifyHashedPassword(user, hashed, provided);
        }
    }
}
