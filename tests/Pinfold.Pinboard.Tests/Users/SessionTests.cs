using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;
using static Pinfold.Pinboard.Tests.Users.TestAccounts;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class SessionTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    static readonly DateTimeOffset Monday = new(2030, 4, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task EveryEndOfASessionHoldsForTheNextRequestInAnotherProcess(string engine)
    {
        var here = engines[engine];
        await using var other = engine == "SQLite" ? null : await engines.StartAnotherAsync(engine);
        var there = other ?? here;
        var ends = new Dictionary<string, Func<SignedIn, Task>>
        {
            ["signed out"] = s => here.Get<Sessions>().EndAsync(s.User.Id, s.Session.Id, default),
            ["everywhere"] = s => here.Get<Sessions>().EndAllAsync(s.User.Id, null, null, default),
            ["disabled"] = s => here.Get<Sessions>().DisableAsync(s.User.Id, isDisabled: true, default),
            ["password reset"] = async s =>
                (await here.Get<Passwords>().ResetAsync(s.User.Id, OtherPassword, default)).Succeeded.ShouldBeTrue(),
        };
        foreach (var (way, end) in ends)
        {
            var name = $"end-{way.Replace(' ', '-')}";
            await here.AddAsync(name);
            var session = await there.SignInAsync(name);
            // Twice, so that whatever might remember it has had the chance.
            await there.SignedInAsync(session);
            var signedIn = await there.SignedInAsync(session);

            await end(signedIn);

            (await there.SeenAsync(session)).ShouldBeNull(way);
            (await here.SeenAsync(session)).ShouldBeNull(way);
        }
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task AnotherPasswordEndsEverySessionButTheOneThatAskedWhichBeginsAnew(string engine)
    {
        var pinboard = engines[engine];
        await pinboard.AddAsync("change");
        var (desk, phone) = (await pinboard.SignInAsync("change"), await pinboard.SignInAsync("change"));

        var (result, begun) = await pinboard.Get<Passwords>().ChangeAsync(
            await pinboard.SignedInAsync(desk), Password, OtherPassword, Home, default);

        result.Succeeded.ShouldBeTrue();
        (await pinboard.SeenAsync(desk)).ShouldBeNull("whoever had copied its cookie is out");
        (await pinboard.SeenAsync(phone)).ShouldBeNull();
        var now = await pinboard.SignedInAsync(begun.ShouldNotBeNull());
        (await pinboard.Get<Sessions>().ListAsync(now, default)).Select(s => s.Id).ShouldBe([now.Session.Id]);
        (await pinboard.Store.CountAsync(UserHasSessions, now.User.Id)).ShouldBe(1, "ended ones are not kept");
        (await pinboard.TryAsync("change", Password)).Session.ShouldBeNull();
        await pinboard.SignInAsync("change", password: OtherPassword);
    }

    [Fact]
    public async Task SignedOutEverywhereElseTheOneThatAskedStaysAndTheDevicesAreStrangers()
    {
        var pinboard = engines["SQLite"];
        var user = await pinboard.AddAsync("elsewhere");
        var (desk, phone) = (await pinboard.SignInAsync("elsewhere"), await pinboard.SignInAsync("elsewhere"));
        var before = await pinboard.SignedInAsync(desk);

        var begun = await pinboard.Get<Sessions>().EndAllAsync(user, before, Home, default);

        (await pinboard.SeenAsync(phone)).ShouldBeNull();
        var after = await pinboard.SignedInAsync(begun.ShouldNotBeNull());
        after.Session.Body.StartedAt.ShouldBe(before.Session.Body.StartedAt, "it ends when it would have");
        begun.Device.IsOf(after.Credentials).ShouldBeTrue();
        phone.Device.IsOf(after.Credentials).ShouldBeFalse();
    }

    [Fact]
    public async Task ADisabledAccountIsToldSoForItsRightPasswordAlone()
    {
        var pinboard = engines["SQLite"];
        var user = await pinboard.AddAsync("closed");
        await pinboard.Get<Sessions>().DisableAsync(user, isDisabled: true, default);

        (await pinboard.TryAsync("closed", "a wrong password")).Outcome.ShouldBe(SignInOutcome.Refused);
        (await pinboard.TryAsync("closed", Password)).ShouldBe(new SignInAnswer(SignInOutcome.Disabled, null));

        await pinboard.Get<Sessions>().DisableAsync(user, isDisabled: false, default);
        await pinboard.SignInAsync("closed");
    }

    [Fact]
    public async Task ASessionOfAPasswordThatWasChangedMeanwhileIsVoid()
    {
        var pinboard = engines["SQLite"];
        var user = await pinboard.AddAsync("meanwhile");
        var read = await pinboard.Get<Accounts>().GetAsync(user, default);
        await pinboard.Get<Passwords>().ResetAsync(user, OtherPassword, default);

        var transaction = pinboard.Store.Begin(user.Shard);
        var begun = pinboard.Get<Sessions>().Begin(transaction, read, read.Credentials!.Body, Home, null, true);
        await transaction.CommitAsync();

        (await pinboard.SeenAsync(begun.Started())).ShouldBeNull();
    }

    [Fact]
    public async Task ItEndsAfterThirtyDaysAndEarlierWhereItIsNotUsed()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        await pinboard.AddAsync("mira");
        var used = await pinboard.SignInAsync("mira");
        var idle = await pinboard.SignInAsync("mira");
        var thisBrowser = await pinboard.SignInAsync("mira", isRemembered: false);
        (used.Until, thisBrowser.Until).ShouldBe((Monday + TimeSpan.FromDays(30), null));

        await UntilAsync(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1), used);
        (await pinboard.SeenAsync(thisBrowser)).ShouldNotBeNull();
        await UntilAsync(TimeSpan.FromHours(12), used);
        (await pinboard.SeenAsync(thisBrowser)).ShouldBeNull();
        await UntilAsync(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1), used);
        (await pinboard.SeenAsync(idle)).ShouldNotBeNull();
        await UntilAsync(TimeSpan.FromDays(14), used);
        (await pinboard.SeenAsync(idle)).ShouldBeNull();
        await UntilAsync(TimeSpan.FromDays(27), used);
        await UntilAsync(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1), used);
        time.SetUtcNow(Monday + TimeSpan.FromDays(30));
        (await pinboard.SeenAsync(used)).ShouldBeNull("however much it was used");
        await pinboard.SignInAsync("mira");
        (await pinboard.Store.CountAsync(UserHasSessions, used.Ticket.User)).ShouldBe(1, "the next one clears up");

        async Task UntilAsync(TimeSpan age, StartedSession session)
        {
            time.SetUtcNow(Monday + age);
            await pinboard.Get<Sessions>().SeeAsync(await pinboard.SignedInAsync(session), () => Home, default);
        }
    }

    [Fact]
    public async Task WhenItWasUsedIsWrittenOnceAnHour()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        await pinboard.AddAsync("mira");
        var session = await pinboard.SignInAsync("mira");
        using var trips = new RoundTrips(pinboard);
        for (var minute = 0; minute < 120; minute += 5)
        {
            time.SetUtcNow(Monday + TimeSpan.FromMinutes(minute));
            await pinboard.Get<Sessions>().SeeAsync(
                await pinboard.SignedInAsync(session), () => From("198.51.100.7"), default);
        }
        trips.Commits.ShouldBe(1);
        var seen = (await pinboard.SignedInAsync(session)).Session.Body;
        (seen.SeenAt, seen.Address).ShouldBe((Monday + TimeSpan.FromHours(1), "198.51.100.7"));
    }

    [Fact]
    public async Task WhoSignsInAgainAndAgainKeepsFiftySessions()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var user = await pinboard.AddAsync("mira");
        var sessions = new List<StartedSession>();
        for (var i = 0; i < Session.OfOnePersonMax + 2; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            sessions.Add(await pinboard.SignInAsync("mira"));
        }
        (await pinboard.Store.CountAsync(UserHasSessions, user)).ShouldBe(Session.OfOnePersonMax);
        (await pinboard.SeenAsync(sessions[1])).ShouldBeNull();
        (await pinboard.SeenAsync(sessions[2])).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task WhoIsSignedInIsReadInOneRoundTrip(string engine)
    {
        var pinboard = engines[engine];
        await pinboard.AddAsync("one-trip");
        var session = await pinboard.SignInAsync("one-trip");
        await pinboard.StopFollowingAsync();
        using var trips = new RoundTrips(pinboard);
        await pinboard.SignedInAsync(session);
        (trips.Reads, trips.Commits).ShouldBe((1, 0));
    }

    [Fact]
    public async Task NobodySignsInWithWhatTheStoreHasOrWithAPartOfATicket()
    {
        var pinboard = engines["SQLite"];
        await pinboard.AddAsync("secret");
        var other = await pinboard.AddAsync("robber");
        var session = await pinboard.SignInAsync("secret");
        var kept = (await pinboard.SignedInAsync(session)).Session;
        var ticket = session.Ticket;
        kept.Body.SecretHash.ShouldNotContain(Convert.ToBase64String(ticket.Secret.Span));
        var theirs = await pinboard.Get<Accounts>().GetAsync(other, default);

        foreach (var forged in new[]
        {
            ticket with { Secret = Convert.FromBase64String(kept.Body.SecretHash) },
            ticket with { Secret = new byte[32] },
            ticket with { User = other },
            ticket with { Credentials = theirs.Credentials!.Id },
            ticket with { Session = Session.Type.Id(new ObjectId(kept.Id.Shard, 8, kept.Id.Local + 1000)) },
        })
            (await pinboard.Get<Sessions>().FindAsync(forged, default)).ShouldBeNull($"{forged}");
        SessionTicket.Parse($"{ticket}").ShouldNotBeNull().ToString().ShouldBe($"{ticket}");
        foreach (var text in new[] { null, "", "x", $"{ticket}A", $"{ticket}"[1..], new string('-', 75), "\u00e9" })
            SessionTicket.Parse(text).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task HowMuchIsNewToSomebodyIsReadWithTheirSessionInItsRoundTrip(string engine)
    {
        await using var pinboard = await engines.StartQuietAsync(engine);
        var name = $"new-{Guid.NewGuid():N}"[..20];
        var person = await pinboard.AddAsync(name);
        var session = await pinboard.SignInAsync(name);
        var transaction = pinboard.Store.Begin(person.Shard);
        foreach (var local in (int[])[1, 2, 3])
            transaction.Put(
                PinboardModel.UserHasUnreadNotifications, person,
                Notification.Type.Id(new ObjectId(person.Shard, Notification.Type.Number, local)), local);
        await transaction.CommitAsync();
        using var trips = new RoundTrips(pinboard);
        (await pinboard.Get<Sessions>().FindAsync(session.Ticket, default))!.Unread.ShouldBe(3);
        trips.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task NobodyEndsTheSessionOfAnother()
    {
        var pinboard = engines["SQLite"];
        await pinboard.AddAsync("left-alone");
        var session = await pinboard.SignInAsync("left-alone");
        // Until the other lives on the same shard, where nothing else would be in the way.
        ObjectId<User> other;
        var i = 0;
        do
            other = await pinboard.AddAsync($"ends-others-{i++}");
        while (other.Shard != session.Ticket.User.Shard);

        (await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Get<Sessions>().EndAsync(other, session.Ticket.Session, default)))
            .Kind.ShouldBe(ErrorKind.NotFound);
        await pinboard.SignedInAsync(session);
    }
}
