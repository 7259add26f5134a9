using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Registration;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Tests.Registration;

public sealed class InvitationTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    static readonly DateTimeOffset Monday = new(2030, 4, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task OfThoseWhoUseTheLastUseAtOnceInTwoProcessesOneGetsIt(string engine)
    {
        var here = engines[engine];
        await using var other = engine == "SQLite" ? null : await engines.StartAnotherAsync(engine);
        TestPinboard[] processes = [here, other ?? here];
        var inviter = await here.AddUserAsync("race-inviter");
        var (id, link) = await here.InviteAsync(inviter.Id);

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Task.Run(() => processes[i % 2].SignUpAsync($"race-{i}", link))));

        var invited = made.Where(m => m.Outcome.Succeeded).ShouldHaveSingleItem().Account;
        made.Where(m => !m.Outcome.Succeeded).ShouldAllBe(m => SignUps.IsRefusal(m.Outcome.Errors.Single()));
        invited.IsAdministrator.ShouldBeFalse();
        (await FindAsync(here, id)).Uses.Select(use => use.Username).ShouldBe([invited.Username]);
        (await here.IsGoodAsync(link)).ShouldBeFalse();
    }

    [Fact]
    public async Task ItEndsWhenItSaysSo()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var mira = await pinboard.AddUserAsync("mira");
        var (_, link) = await pinboard.InviteAsync(mira.Id, days: 3);

        time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));
        (await pinboard.IsGoodAsync(link)).ShouldBeTrue();
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await pinboard.IsGoodAsync(link)).ShouldBeFalse();
        (await pinboard.SignUpAsync("tove", link)).Outcome.Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task TakenBackItLetsNobodyInAndOnlyWhoseItIsTakesItBack()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var (mira, tove) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("tove"));
        var (id, link) = await pinboard.InviteAsync(mira.Id, uses: 2);

        (await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Get<Invitations>().RevokeAsync(id, tove.Id, default))).Kind.ShouldBe(ErrorKind.NotFound);
        (await pinboard.SignUpAsync("noor", link)).Outcome.Succeeded.ShouldBeTrue();
        await pinboard.Get<Invitations>().RevokeAsync(id, mira.Id, default);
        await pinboard.Get<Invitations>().RevokeAsync(id, mira.Id, default);

        (await pinboard.SignUpAsync("rosa", link)).Outcome.Succeeded.ShouldBeFalse();
        (await pinboard.Get<Invitations>().ListAsync(mira.Id, default)).ShouldHaveSingleItem()
            .Body.Uses.ShouldHaveSingleItem().Username.ShouldBe("noor");
    }

    [Fact]
    public async Task WhoeverIsDisabledInvitesNobody()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await pinboard.AddUserAsync("mira");
        var tove = await pinboard.AddUserAsync("tove");
        var (_, link) = await pinboard.InviteAsync(tove.Id);
        await pinboard.Get<PeopleService>().SetDisabledAsync(tove.Id, isDisabled: true, default);

        (await pinboard.SignUpAsync("noor", link)).Outcome.Succeeded.ShouldBeFalse();
        await pinboard.Get<PeopleService>().SetDisabledAsync(tove.Id, isDisabled: false, default);
        (await pinboard.SignUpAsync("noor", link)).Outcome.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task AnAccountThatCannotBeMadeUsesNothingUp()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (id, link) = await pinboard.InviteAsync(mira.Id, uses: 2);
        (await pinboard.SignUpAsync("tove", link)).Outcome.Succeeded.ShouldBeTrue();

        (await pinboard.SignUpAsync("TOVE", link)).Outcome.Succeeded.ShouldBeFalse();
        (await pinboard.SignUpAsync("noor", link, email: "tove@example.org")).Outcome.Succeeded.ShouldBeFalse();

        (await FindAsync(pinboard, id)).Uses.Select(use => use.Username).ShouldBe(["tove"]);
        (await pinboard.SignUpAsync("noor", link)).Outcome.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task WhoIsInvitedWhereNobodyIsIsTheFirst()
    {
        await using var pinboard = await TestPinboard.StartAsync(
            configure: settings => settings.Registration = RegistrationMode.Invite);
        var (id, link) = await pinboard.InviteAsync(default);

        (await pinboard.SignUpAsync("mira", link)).ShouldSatisfyAllConditions(
            made => made.Outcome.Succeeded.ShouldBeTrue(), made => made.Account.IsAdministrator.ShouldBeTrue());
        (await pinboard.SignUpAsync("tove", link)).Outcome.Succeeded.ShouldBeFalse();
        (await FindAsync(pinboard, id)).Uses.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.AAAA")]
    [InlineData("-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("9223372036854775807.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("1.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("١.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task WhatIsNoInvitationIsNotGood(string? link)
    {
        await using var pinboard = await TestPinboard.StartAsync();
        await pinboard.AddUserAsync("mira");

        (await pinboard.IsGoodAsync(link)).ShouldBeFalse();
        (await pinboard.SignUpAsync("tove", link)).Outcome.Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task AnotherTokenOrAnotherIdOpensNothing()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var mira = await pinboard.AddUserAsync("mira");
        var (id, link) = await pinboard.InviteAsync(mira.Id);
        var (other, otherLink) = await pinboard.InviteAsync(mira.Id);

        (await pinboard.IsGoodAsync($"{id}.{otherLink.Split('.')[1]}")).ShouldBeFalse();
        (await pinboard.IsGoodAsync($"{other}.{link.Split('.')[1]}")).ShouldBeFalse();
        (await pinboard.IsGoodAsync($"{id}.{new string('A', 43)}")).ShouldBeFalse();
        // An id of a shard that this installation does not have.
        var far = new ObjectId(new ShardId(60_000), Invitation.Type.Number, 1);
        (await pinboard.IsGoodAsync($"{far}.{link.Split('.')[1]}")).ShouldBeFalse();
        (await pinboard.IsGoodAsync(link)).ShouldBeTrue();
    }

    [Fact]
    public async Task HowManyOneMayMakeIsBoundedAndOldOnesGo()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var (mira, tove) = (await pinboard.AddUserAsync("mira"), await pinboard.AddUserAsync("tove"));
        for (var i = 0; i < Invitation.OpenOfOnePersonMax; i++)
            await pinboard.InviteAsync(tove.Id, days: 1);

        await RefusedAsync(ErrorKind.LimitExceeded, tove, 1, 1);
        await RefusedAsync(ErrorKind.Forbidden, tove, 2, 1);
        await RefusedAsync(ErrorKind.Invalid, mira, 1, 0);
        await RefusedAsync(ErrorKind.Invalid, mira, 1, Invitation.DaysMax + 1);
        await RefusedAsync(ErrorKind.Invalid, mira, 0, 1);
        await RefusedAsync(ErrorKind.Invalid, mira, Invitation.UsesOfOneMax + 1, 1);
        time.Advance(TimeSpan.FromDays(1));
        await pinboard.InviteAsync(tove.Id);

        for (var i = 0; i < Invitation.ListedMax; i++)
            await pinboard.InviteAsync(mira.Id, days: 1);
        await RefusedAsync(ErrorKind.LimitExceeded, mira, 1, 1);
        time.Advance(TimeSpan.FromDays(1));
        await pinboard.InviteAsync(mira.Id);
        (await pinboard.Store.CountAsync(UserHasInvitations, mira.Id)).ShouldBe(Invitation.ListedMax);

        async Task RefusedAsync(ErrorKind kind, TestUser by, int uses, int days) =>
            (await Should.ThrowAsync<PinfoldException>(() => pinboard.InviteAsync(by.Id, uses, days)))
                .Kind.ShouldBe(kind);
    }

    static async Task<Invitation> FindAsync(TestPinboard pinboard, ObjectId<Invitation> id) =>
        (await pinboard.Store.FindUncachedAsync(id, default)).ShouldNotBeNull().Body;
}
