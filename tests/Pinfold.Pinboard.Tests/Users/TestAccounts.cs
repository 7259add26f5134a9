using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Shouldly;

namespace Pinfold.Pinboard.Tests.Users;

/// <summary>People with passwords, and where they sign in from.</summary>
static class TestAccounts
{
    public const string Password = "a stone wall of our own";
    public const string OtherPassword = "another wall of stone";

    public static readonly Client Home = From("192.0.2.1");

    public static Client From(string address, KnownDevice? known = null) =>
        new(address, address, "Firefox on Linux", known);

    public static async Task<ObjectId<User>> AddAsync(this TestPinboard pinboard, string name)
    {
        using var scope = pinboard.Get<IServiceScopeFactory>().CreateScope();
        var account = new Account { Username = name, Email = $"{name}@example.org" };
        (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().CreateAsync(account, Password))
            .Succeeded.ShouldBeTrue();
        return account.Id;
    }

    public static Task<SignInAnswer> TryAsync(
        this TestPinboard pinboard, string name, string password, Client? client = null, bool isRemembered = true) =>
        pinboard.Get<SignIns>().TryAsync(name, password, isRemembered, client ?? Home, default);

    public static async Task<StartedSession> SignInAsync(
        this TestPinboard pinboard, string name, Client? client = null, bool isRemembered = true,
        string password = Password) =>
        (await pinboard.TryAsync(name, password, client, isRemembered)).Session.ShouldNotBeNull();

    public static Task<SignedIn?> SeenAsync(this TestPinboard pinboard, StartedSession session) =>
        pinboard.Get<Sessions>().FindAsync(session.Ticket, default);

    public static async Task<SignedIn> SignedInAsync(this TestPinboard pinboard, StartedSession session) =>
        (await pinboard.SeenAsync(session)).ShouldNotBeNull();
}
