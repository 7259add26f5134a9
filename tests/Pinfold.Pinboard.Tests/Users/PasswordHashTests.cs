using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pinfold.Pinboard.Users;
using Shouldly;
using Xunit;
using static Pinfold.Pinboard.Tests.Users.TestAccounts;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class PasswordHashTests
{
    static readonly Account Somebody = new() { Username = "mira" };

    [Fact]
    public async Task AHashIsOfTodaysParametersUnlessATestSaysOtherwise()
    {
        await using var pinboard = await TestPinboard.StartAsync(replace: services =>
            services.Configure<PasswordHasherOptions>(o => o.IterationCount = AccountPasswordHasher.Iterations));
        await pinboard.AddAsync("mira");
        (await HashAsync(pinboard)).ShouldBe((Sha512, 220_000));
    }

    [Fact]
    public async Task AHashOfEarlierParametersHoldsAndIsMadeAnewAtTheNextSignInWhichEndsNoSession()
    {
        await using var pinboard = await TestPinboard.StartAsync();
        var user = await pinboard.AddAsync("mira");
        var before = await pinboard.SignInAsync("mira");
        var old = new PasswordHasher<Account>(
            Options.Create(new PasswordHasherOptions { IterationCount = 500 })).HashPassword(Somebody, "a short one");
        var account = await pinboard.Get<Accounts>().GetAsync(user, default);
        var transaction = pinboard.Store.Begin(user.Shard);
        transaction.Update(account.Credentials! with
        {
            Body = account.Credentials.Body with { PasswordHash = old },
        });
        await transaction.CommitAsync();

        await pinboard.SignInAsync("mira", password: "a short one");

        (await HashAsync(pinboard)).ShouldBe((Sha512, TestPinboard.HashIterations));
        await pinboard.SignInAsync("mira", password: "a short one");
        await pinboard.SignedInAsync(before);
    }

    [Fact]
    public void APasswordHasNoLimitInADatabaseOrAForm()
    {
        var hasher = new AccountPasswordHasher(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        foreach (var password in new[] { "", "\ud800", new string('\u4e2d', 128), "a\0b" })
            hasher.VerifyHashedPassword(Somebody, hasher.HashPassword(Somebody, password), password)
                .ShouldBe(PasswordVerificationResult.Success);
    }

    [Fact]
    public void APasswordIsTheSameHoweverAKeyboardWritesItsLetters()
    {
        var options = Options.Create(new PasswordHasherOptions { IterationCount = 10 });
        var hasher = new AccountPasswordHasher(options);
        const string Composed = "caf\u00e9 on the hill";
        const string InParts = "cafe\u0301 on the hill";
        hasher.VerifyHashedPassword(Somebody, hasher.HashPassword(Somebody, InParts), Composed)
            .ShouldBe(PasswordVerificationResult.Success);
        hasher.VerifyHashedPassword(Somebody, hasher.HashPassword(Somebody, Composed), InParts)
            .ShouldBe(PasswordVerificationResult.Success);
        var before = new PasswordHasher<Account>(options).HashPassword(Somebody, InParts);
        hasher.VerifyHashedPassword(Somebody, before, InParts)
            .ShouldBe(PasswordVerificationResult.SuccessRehashNeeded, "of when it was hashed as it was typed");
        hasher.VerifyHashedPassword(Somebody, before, "cafe on the hill").ShouldBe(PasswordVerificationResult.Failed);
    }

    const uint Sha512 = 2;

    static async Task<(uint Function, int Iterations)> HashAsync(TestPinboard pinboard)
    {
        var id = (await pinboard.Get<Accounts>().FindIdAsync("mira", default)).ShouldNotBeNull();
        var hash = Convert.FromBase64String(
            (await pinboard.Get<Accounts>().GetAsync(id, default)).Credentials!.Body.PasswordHash);
        return (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)),
            (int)BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
    }
}
