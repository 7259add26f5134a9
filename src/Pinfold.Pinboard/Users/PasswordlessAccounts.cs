using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Makes people who cannot sign in, having no password, until whoever runs the installation sets one for them.
/// </summary>
sealed class PasswordlessAccounts(IServiceScopeFactory scopes, FirstPerson first)
{
    /// <exception cref="PinfoldException">
    /// Invalid: nobody is here yet. The first would be the administrator, and could not sign in.
    /// </exception>
    public async Task RefuseFirstAsync(CancellationToken cancellation)
    {
        if (!await first.IsHereAsync(cancellation))
            throw new PinfoldException(ErrorKind.Invalid, "Nobody has an account here yet, and the first is the "
                + "administrator, who has to be able to sign in. Add them first: pinfold user add NAME");
    }

    /// <summary>Their id; null if somebody has the name by now. Round trips as an account's.</summary>
    /// <exception cref="PinfoldException">Invalid or Conflict: it is no user name, or not to be had.</exception>
    public async Task<ObjectId<User>?> MakeAsync(string username, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var account = new Account { Username = username, SecurityStamp = Guid.NewGuid().ToString("N") };
        var made = await scope.ServiceProvider.GetRequiredService<IUserStore<Account>>()
            .CreateAsync(account, cancellation);
        return made.Succeeded ? account.Id : null;
    }
}
