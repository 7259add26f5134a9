using Microsoft.Extensions.Time.Testing;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Tests.Registration;
using Pinfold.Pinboard.Tests.Users;
using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Web.Logs;
using Pinfold.Sharding;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.PinboardModel;
using static Pinfold.Pinboard.Tests.Users.TestAccounts;

namespace Pinfold.Pinboard.Tests.Audit;

public sealed class AuditLogTests(PinboardEngines engines) : IClassFixture<PinboardEngines>
{
    const string SecretTitle = "a secret title that nobody else knows";

    static readonly DateTimeOffset Monday = new(2030, 4, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(PinboardEngines.Names), MemberType = typeof(PinboardEngines))]
    public async Task WhatIsDoneToAnAccountIsLoggedOnceEachWithoutSecrets(string engine)
    {
        var pinboard = engines[engine];
        var audit = pinboard.Get<AuditLog>();
        var inviter = await pinboard.AddUserAsync("act-inviter");
        var administrator = await pinboard.AddUserAsync("act-admin");
        audit.Origin = new AuditOrigin(inviter.Id, inviter.Name, "198.51.100.1", "Chrome on Mac");
        var (invitation, link) = await pinboard.InviteAsync(inviter.Id);
        audit.Origin = new AuditOrigin(default, null, "192.0.2.1", "Firefox on Linux");
        var user = (await pinboard.SignUpAsync("act", link)).Account.Id;
        var (desk, phone) = (await pinboard.SignInAsync("act"), await pinboard.SignInAsync("act"));
        await pinboard.TryAsync("act", "not the password", Home);
        audit.Origin = new AuditOrigin(user, "act", "192.0.2.1", "Firefox on Linux");
        var (pin, full, empty) = await ActAsync(pinboard, user, desk, phone);
        audit.Origin = new AuditOrigin(administrator.Id, administrator.Name, "203.0.113.5", "Safari on Mac");
        await OthersActAsync(pinboard, user, invitation);

        var log = await LogAsync(pinboard, user);
        Lines(log).ShouldBe(
        [
            "SignedUp act-inviter", "SignedIn", "SignedIn", "SessionEnded Firefox on Linux", "PasswordChanged",
            "ProfileChanged", $"PinDeleted {pin}", $"BoardDeleted {full} 2", $"BoardDeleted {empty}", "SignedOut",
            "SignedIn", "SessionsEnded", "MadeAdministrator by act-admin", "RemovedAsAdministrator by act-admin",
            "Disabled by act-admin", "Enabled by act-admin", "PasswordReset by operator",
            "BudgetChanged by operator",
        ], ignoreOrder: true);
        log.Where(a => a.Entry.IsOwnAct).ShouldAllBe(
            a => a.Entry.Address == "192.0.2.1" && a.Entry.Device == "Firefox on Linux");
        log.Single(a => a.Entry.Event == AuditEvent.Disabled).Entry.Address.ShouldBe("203.0.113.5");
        var wrong = (await audit.WrongPasswordsAsync(user, 10, default)).ShouldHaveSingleItem().Entry;
        (wrong.Event, wrong.Count, wrong.Address).ShouldBe((AuditEvent.WrongPasswords, 1, "192.0.2.1"));
        Lines(await LogAsync(pinboard, inviter.Id)).Where(l => l.StartsWith("Invitation", StringComparison.Ordinal))
            .ShouldBe(
            [
                "InvitationMade 1", $"InvitationUsed {invitation} by act",
                $"InvitationRevoked {invitation} by operator",
            ], ignoreOrder: true);

        var bodies = new List<string>();
        foreach (var (mapping, of) in new[]
        {
            (UserHasAuditEntries, user), (UserHasWrongPasswordHours, user), (UserHasAuditEntries, inviter.Id),
        })
            await foreach (var entry in pinboard.Store.EntriesAsync(mapping, of))
                bodies.Add(System.Text.Encoding.UTF8.GetString(entry.Body.Span));
        foreach (var secret in (string[])
            [SecretTitle, Password, OtherPassword, "not the password", link.Split('.')[1], "act@example.org"])
            bodies.ShouldAllBe(body => !body.Contains(secret, StringComparison.Ordinal), secret);
    }

    [Fact]
    public async Task WhatDidNotHappenIsNotLogged()
    {
        var pinboard = engines["SQLite"];
        var mira = await pinboard.AddUserAsync("nothing");
        var board = await pinboard.AddBoardAsync(mira, "Walks");
        var pin = await pinboard.AddPinAsync(mira, board);
        var other = await pinboard.AddUserAsync("nothing-else");
        var before = (await LogAsync(pinboard, mira.Id)).Count;

        await Should.ThrowAsync<PinfoldException>(() => pinboard.Pins.DeleteAsync(other.Viewer, pin, default));
        await Should.ThrowAsync<PinfoldException>(() => pinboard.Boards.DeleteAsync(other.Viewer, board, default));
        var (invitation, _) = await pinboard.InviteAsync(mira.Id);
        await Should.ThrowAsync<PinfoldException>(
            () => pinboard.Get<Invitations>().RevokeAsync(invitation, other.Id, default));
        var transaction = pinboard.Store.Begin(mira.Id.Shard);
        await pinboard.Get<AuditLog>().AddAsync(transaction, mira.Id, AuditEvent.PinDeleted);
        await transaction.AbandonAsync();

        (await LogAsync(pinboard, mira.Id)).Count.ShouldBe(before + 1, "the invitation was made");
    }

    [Fact]
    public async Task AThousandAreKeptAndNoneThatIsOlderThanFourHundredDays()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var mira = await pinboard.AddUserAsync("mira");
        var old = (await LogAsync(pinboard, mira.Id)).Count;
        time.Advance(AuditEntry.KeptFor - TimeSpan.FromDays(1));
        await FillAsync(AuditEntry.KeptMax - old);
        (await LogAsync(pinboard, mira.Id)).Count.ShouldBe(AuditEntry.KeptMax);

        await AddAsync(5);
        (await pinboard.Store.CountAsync(UserHasAuditEntries, mira.Id)).ShouldBe(AuditEntry.KeptMax);
        (await LogAsync(pinboard, mira.Id)).ShouldAllBe(a => a.Entry.Event == AuditEvent.PinDeleted);

        // Filled beyond it, as by a program with another limit: a few go with each that comes.
        await FillAsync(40);
        await AddAsync(6);
        (await pinboard.Store.CountAsync(UserHasAuditEntries, mira.Id)).ShouldBe(AuditEntry.KeptMax);

        time.Advance(AuditEntry.KeptFor + TimeSpan.FromDays(1));
        (await LogAsync(pinboard, mira.Id)).ShouldBeEmpty();
        await AddAsync(1);
        (await LogAsync(pinboard, mira.Id)).ShouldHaveSingleItem();
        (await pinboard.Store.CountAsync(UserHasAuditEntries, mira.Id)).ShouldBeLessThan(AuditEntry.KeptMax);

        async Task AddAsync(int count)
        {
            for (var i = 0; i < count; i++)
                await pinboard.Store.WriteAsync(mira.Id.Shard, (transaction, token) =>
                    pinboard.Get<AuditLog>().AddAsync(transaction, mira.Id, AuditEvent.PinDeleted, "1"));
        }

        async Task FillAsync(int count)
        {
            var transaction = pinboard.Store.Begin(mira.Id.Shard);
            for (var i = 0; i < count; i++)
                transaction.Put(UserHasAuditEntries, mira.Id,
                    AuditEntry.Type.Id(new ObjectId(mira.Id.Shard, AuditEntry.Type.Number, i + 1)),
                    time.GetUtcNow().ToUnixTimeMilliseconds(), """{"event":40,"subject":"2"}"""u8);
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task WrongPasswordsAreCountedByHourAndAddressAndPushNothingOut()
    {
        var time = new FakeTimeProvider(Monday);
        await using var pinboard = await TestPinboard.StartAsync(time: time);
        var mira = await pinboard.AddUserAsync("mira");
        var before = await LogAsync(pinboard, mira.Id);

        await CountAsync(3, "192.0.2.1");
        await CountAsync(2, "192.0.2.2");
        (await HoursAsync()).ShouldBe(["192.0.2.1 3", "192.0.2.2 2"], ignoreOrder: true);
        for (var address = 3; address < 60; address++)
            await CountAsync(1, $"192.0.2.{address}");
        var hour = await HoursAsync();
        hour.Count.ShouldBe(11);
        hour.ShouldContain(" 49", "what came from others is counted together");
        time.Advance(TimeSpan.FromHours(1));
        await CountAsync(1, "192.0.2.1");
        (await HoursAsync()).ShouldContain("192.0.2.1 1");

        for (var i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            for (var address = 0; address < 12; address++)
                await CountAsync(1, $"198.51.100.{address}");
        }
        (await HoursAsync()).Count.ShouldBe(AuditEntry.WrongPasswordsKeptMax);
        (await LogAsync(pinboard, mira.Id)).ShouldBe(before);

        async Task CountAsync(int times, string address)
        {
            for (var i = 0; i < times; i++)
            {
                var account = await pinboard.Get<Accounts>().GetAsync(mira.Id, default);
                var transaction = pinboard.Store.Begin(mira.Id.Shard);
                pinboard.Get<AuditLog>().CountWrongPassword(
                    transaction, mira.Id, account.WrongPasswordHours, address, "Firefox on Linux");
                await transaction.CommitAsync();
            }
        }

        async Task<List<string>> HoursAsync() =>
            [.. (await pinboard.Get<AuditLog>().WrongPasswordsAsync(mira.Id, 500, default))
                .Select(a => $"{a.Entry.Address} {a.Entry.Count}")];
    }

    [Fact]
    public void NobodyIsShownWhereOthersWereButAdministrators()
    {
        var own = new AuditEntry(AuditEvent.SignedIn, Address: "192.0.2.1", Device: "Firefox on Linux");
        AuditEntry[] others =
        [
            own with { Event = AuditEvent.Disabled, By = "mira" },
            own with { Event = AuditEvent.InvitationUsed, By = "tove" },
            own with { Event = AuditEvent.PasswordReset, IsByOperator = true },
        ];

        From(own, isForAdministrators: false).ShouldBe("Firefox on Linux, 192.0.2.1");
        others.ShouldAllBe(entry => From(entry, false) == null);
        others.ShouldAllBe(entry => From(entry, true) == "Firefox on Linux, 192.0.2.1");
    }

    static string? From(AuditEntry entry, bool isForAdministrators) =>
        LogRow.Of(new LoggedAct(Monday, entry), isForAdministrators).From;

    [Fact]
    public async Task WhatABrowserSaysOfItselfIsOneShortLineWithoutControlCharacters()
    {
        var pinboard = engines["SQLite"];
        var mira = await pinboard.AddUserAsync("agent");
        pinboard.Get<AuditLog>().Origin = new AuditOrigin(
            mira.Id, mira.Name, "192.0.2.1", "Fire\u001b[31m\nfox\0 " + new string('漢', 1000));

        await pinboard.Users.UpdateProfileAsync(mira.Id, "Mira", null, default);

        var device = (await LogAsync(pinboard, mira.Id))[^1].Entry.Device;
        device.ShouldStartWith("Fire[31m fox 漢");
        device.Length.ShouldBeLessThanOrEqualTo(80);
        device.ShouldAllBe(c => !char.IsControl(c));
    }

    [Fact]
    public async Task WhatALaterVersionLoggedIsReadWithTheRest()
    {
        var pinboard = engines["SQLite"];
        var mira = await pinboard.AddUserAsync("later");
        var transaction = pinboard.Store.Begin(mira.Id.Shard);
        transaction.Put(UserHasAuditEntries, mira.Id,
            AuditEntry.Type.Id(new ObjectId(mira.Id.Shard, AuditEntry.Type.Number, 7)),
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 1,
            """{"event":9999,"subject":"1","colour":"red"}"""u8);
        await transaction.CommitAsync();

        var log = await LogAsync(pinboard, mira.Id);
        AuditWords.Of(log[^1].Entry).ShouldContain("9999");
        log.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void EveryEventHasWordsOfItsOwn()
    {
        var words = Enum.GetValues<AuditEvent>().ToDictionary(e => e, e => AuditWords.Of(new AuditEntry(e)));
        words.Values.Distinct().Count().ShouldBe(words.Count);
        words.Values.ShouldAllBe(w => !w.Contains("does not know", StringComparison.Ordinal));
    }

    /// <summary>All that somebody does themselves.</summary>
    static async Task<(ObjectId<Pin> Pin, ObjectId<Board> Full, ObjectId<Board> Empty)> ActAsync(
        TestPinboard pinboard, ObjectId<User> user, StartedSession desk, StartedSession phone)
    {
        var signedIn = await pinboard.SignedInAsync(desk);
        var sessions = pinboard.Get<Sessions>();
        await sessions.EndAsync(
            user, (await pinboard.SignedInAsync(phone)).Session.Id, default, AuditEvent.SessionEnded);
        var (_, renewed) = await pinboard.Get<Passwords>().ChangeAsync(
            signedIn, Password, OtherPassword, Home, default);
        await pinboard.Users.UpdateProfileAsync(user, "Act", SecretTitle, default);
        var mine = new TestUser(user, "act");
        var (full, empty) = (await pinboard.AddBoardAsync(mine, SecretTitle, isSecret: true),
            await pinboard.AddBoardAsync(mine, SecretTitle, isSecret: true));
        var pin = await pinboard.AddPinAsync(mine, full, SecretTitle, isSecret: true);
        await pinboard.AddPinAsync(mine, full, SecretTitle);
        await pinboard.AddPinAsync(mine, full, SecretTitle);
        await pinboard.Pins.DeleteAsync(mine.Viewer, pin, default);
        await pinboard.Boards.DeleteAsync(mine.Viewer, full, default);
        await pinboard.Boards.DeleteAsync(mine.Viewer, empty, default);
        await sessions.EndAsync(user, (await pinboard.SignedInAsync(renewed!)).Session.Id, default);
        var staying = await pinboard.SignedInAsync(await pinboard.SignInAsync("act", password: OtherPassword));
        await sessions.EndAllAsync(user, staying, Home, default);
        return (pin, full, empty);
    }

    /// <summary>All that an administrator, and then whoever runs the installation, does to somebody.</summary>
    static async Task OthersActAsync(TestPinboard pinboard, ObjectId<User> user, ObjectId<Invitation> invitation)
    {
        var people = pinboard.Get<PeopleService>();
        await people.SetAdministratorAsync(user, isAdministrator: true, default);
        await people.SetAdministratorAsync(user, isAdministrator: false, default);
        await people.SetDisabledAsync(user, isDisabled: true, default);
        await people.SetDisabledAsync(user, isDisabled: true, default);
        await people.SetDisabledAsync(user, isDisabled: false, default);
        pinboard.Get<AuditLog>().Origin = AuditOrigin.CommandLine;
        await pinboard.Get<Passwords>().ResetAsync(user, Password, default);
        await pinboard.Get<Invitations>().RevokeAsync(invitation, null, default);
        await pinboard.Get<PersonalBudgets>().SetAsync(user, Budget.Default, default);
    }

    /// <summary>Oldest first.</summary>
    static async Task<IReadOnlyList<LoggedAct>> LogAsync(TestPinboard pinboard, ObjectId<User> user)
    {
        var acts = new List<LoggedAct>();
        string? cursor = null;
        do
        {
            var page = await pinboard.Get<AuditLog>().PageAsync(user, 100, cursor, default);
            acts.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        acts.Reverse();
        return acts;
    }

    static IEnumerable<string> Lines(IEnumerable<LoggedAct> acts) => acts.Select(a => string.Join(' ', new[]
    {
        $"{a.Entry.Event}", a.Entry.Subject, a.Entry.Count == 0 ? null : $"{a.Entry.Count}",
        a.Entry.By is { } by ? $"by {by}" : a.Entry.IsByOperator ? "by operator" : null,
    }.Where(part => part is not null)));
}
