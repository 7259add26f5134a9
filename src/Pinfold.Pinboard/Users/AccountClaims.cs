using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Pinfold.Pinboard.Web.Endpoints;

namespace Pinfold.Pinboard.Users;

/// <summary>What the signed cookie says of a person: id, name, and the name to show.</summary>
sealed class AccountClaims(UserManager<Account> users, IOptions<IdentityOptions> options) :
    UserClaimsPrincipalFactory<Account>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Visitor.DisplayNameClaim, user.DisplayName ?? user.Username));
        return identity;
    }
}
