using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Users;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class AccountTests
{
    const string Password = "a stone wall of our own";

    [Fact]
    public async Task AnAccountIsFoundByItsNamesInAnyCaseAndItsPasswordHolds()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var users = Users(pinboard);
        var account = new Account { Username = "mira", Email = "Mira@Example.org", DisplayName = "Mira Holm" };
        (await users.CreateAsync(account, Password)).Succeeded.ShouldBeTrue();

        foreach (
            var found in new[] { await users.FindByNameAsync("MIRA"), await users.FindByEmailAsync("mira@example.ORG"),
                await users.FindByIdAsync($"{account.Id}") })
        {
            found.ShouldNotBeNull();
            (found.Id, found.Username, found.DisplayName).ShouldBe((account.Id, "mira", "Mira Holm"));
            (await users.CheckPasswordAsync(found, Password)).ShouldBeTrue();
            (await users.CheckPasswordAsync(found, Password + "!")).ShouldBeFalse();
        }
        (await users.FindByNameAsync("nobody")).ShouldBeNull();
        (await users.FindByEmailAsync("nobody@example.org")).ShouldBeNull();
        (await users.FindByIdAsync("no id")).ShouldBeNull();
    }

    [Fact]
    public async Task ATakenNameOrAddressIsRefusedInAnyCaseAndTheOtherStaysFree()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var store = pinboard.Get<IUserStore<Account>>();
        (await store.CreateAsync(new Account { Username = "mira", Email = "mira@example.org" }, default))
            .Succeeded.ShouldBeTrue();

        Codes(await store.CreateAsync(new Account { Username = "MIRA", Email = "other@example.org" }, default))
            .ShouldBe(["DuplicateUserName"]);
        Codes(await store.CreateAsync(new Account { Username = "ida", Email = "MIRA@EXAMPLE.ORG" }, default))
            .ShouldBe(["DuplicateEmail"]);
        Codes(await store.CreateAsync(new Account { Username = "ida", Email = "other@example.org" }, default))
            .ShouldBeEmpty("nothing of the refused ones was kept");
    }

    [Fact]
    public async Task OfTenWhoTakeOneNameAtOnceOneGetsIt()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var store = pinboard.Get<IUserStore<Account>>();

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            store.CreateAsync(new Account { Username = "mira", Email = $"m{i}@example.org" }, default)));

        results.Count(r => r.Succeeded).ShouldBe(1);
        results.Where(r => !r.Succeeded).SelectMany(Codes).ShouldAllBe(code => code == "DuplicateUserName");
    }

    [Fact]
    public async Task AChangedPasswordChangesTheStampThatKeepsOtherDevicesSignedIn()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var users = Users(pinboard);
        await users.CreateAsync(new Account { Username = "mira" }, Password);
        var before = (await users.FindByNameAsync("mira"))!.SecurityStamp;

        Codes(await users.ChangePasswordAsync(
            (await users.FindByNameAsync("mira"))!, "not the password", "another wall of stone"))
                .ShouldBe(["PasswordMismatch"]);
        (await users.FindByNameAsync("mira"))!.SecurityStamp.ShouldBe(before);
        (await users.ChangePasswordAsync((await users.FindByNameAsync("mira"))!, Password, "another wall of stone"))
            .Succeeded.ShouldBeTrue();

        var after = (await users.FindByNameAsync("mira"))!;
        after.SecurityStamp.ShouldNotBe(before);
        (await users.CheckPasswordAsync(after, "another wall of stone")).ShouldBeTrue();
        (await users.CheckPasswordAsync(after, Password)).ShouldBeFalse();
    }

    [Fact]
    public async Task OfTwoChangesToOneReadingTheSecondFails()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var users = Users(pinboard);
        await users.CreateAsync(new Account { Username = "mira" }, Password);
        var (first, second) = ((await users.FindByNameAsync("mira"))!, (await users.FindByNameAsync("mira"))!);

        (await users.UpdateSecurityStampAsync(first)).Succeeded.ShouldBeTrue();
        Codes(await users.UpdateSecurityStampAsync(second)).ShouldBe(["ConcurrencyFailure"]);

        (await users.FindByNameAsync("mira"))!.SecurityStamp.ShouldBe(first.SecurityStamp);
        (await users.UpdateSecurityStampAsync(first)).Succeeded.ShouldBeTrue("it knows the version that it wrote");
    }

    static UserManager<Account> Users(TestPinboard pinboard) => pinboard.Get<IServiceScopeFactory>().CreateScope()
        .ServiceProvider.GetRequiredService<UserManager<Account>>();

    static IEnumerable<string> Codes(IdentityResult result) => result.Errors.Select(e => e.Code);
}
