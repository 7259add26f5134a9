using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Registration;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using static Pinfold.Pinboard.Tests.Users.TestAccounts;

namespace Pinfold.Pinboard.Tests.Registration;

/// <summary>People who sign up as on the page.</summary>
static class TestSignUps
{
    public static async Task<(IdentityResult Outcome, Account Account)> SignUpAsync(
        this TestPinboard pinboard, string name, string? invitation = null, string? email = null)
    {
        using var scope = pinboard.Get<IServiceScopeFactory>().CreateScope();
        return await pinboard.Get<SignUps>().SignUpAsync(
            scope.ServiceProvider.GetRequiredService<UserManager<Account>>(), name, email ?? $"{name}@example.org",
            Password, InvitationLink.TryParse(invitation), default);
    }

    public static async Task<(ObjectId<Invitation> Id, string Link)> InviteAsync(
        this TestPinboard pinboard, ObjectId<User> by, int uses = 1, int days = 7)
    {
        var (made, link) = await pinboard.Get<Invitations>().MakeAsync(by, uses, days, default);
        return (made.Id, link);
    }

    public static Task<bool> IsGoodAsync(this TestPinboard pinboard, string? link) =>
        pinboard.Get<Invitations>().IsGoodAsync(InvitationLink.TryParse(link), default);
}
