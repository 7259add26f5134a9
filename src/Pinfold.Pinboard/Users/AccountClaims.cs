using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Pinfold.Pinboard.Users;

/// <summary>What the signed cookie says of a person: id, name, and the name to show.</summary>
sealed class AccountClaims(UserManager<Account> users, IOptions<IdentityOptions> options) :
    UserClaimsPrincipalFactory<Account>(users, options)
{
    /// <summary>The claim that carries the name to show.</summary>
    public const string DisplayName = "display_name";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(DisplayName, user.DisplayName ?? user.Username));
        return identity;
    }
}
