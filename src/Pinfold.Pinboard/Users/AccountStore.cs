using Microsoft.AspNetCore.Identity;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Where ASP.NET Core Identity keeps accounts: user and credentials on one shard in one transaction, user name and
/// email address as names over all shards.
/// </summary>
sealed class AccountStore(
    ShardedStore store, Accounts accounts, FirstPerson first, AuditLog audit, TimeProvider time) :
    IUserPasswordStore<Account>, IUserEmailStore<Account>, IUserSecurityStampStore<Account>
{
    static readonly IdentityErrorDescriber Errors = new();

    /// <summary>The code of an error that says that somebody else was the first here.</summary>
    public const string NotFirst = nameof(NotFirst);

    /// <summary>
    /// Reserves both names, then makes the person: four round trips at most; a few more until somebody is known to be
    /// here. The first is an administrator.
    /// </summary>
    public async Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
    {
        var name = Usernames.Checked(user.Username);
        var email = string.IsNullOrWhiteSpace(user.Email) ? "" : Usernames.CheckedEmail(user.Email);
        var transaction = store.Begin(store.PickShard());
        var person = transaction.Create(new User(name, user.DisplayName ?? name, null, time.GetUtcNow(), 0));
        try
        {
            await transaction.ClaimAsync(UsernameKind, name, person, cancellationToken);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            return IdentityResult.Failed(Errors.DuplicateUserName(name));
        }
        try
        {
            if (email.Length > 0)
                await transaction.ClaimAsync(EmailKind, email, person, cancellationToken);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            await transaction.AbandonAsync();
            return IdentityResult.Failed(Errors.DuplicateEmail(email));
        }
        if (await FindFaultOfFirstAsync(user, transaction, person, cancellationToken) is { } fault)
        {
            await transaction.AbandonAsync();
            return IdentityResult.Failed(fault);
        }
        var credentials = transaction.Create(CredentialsOf(user, email));
        transaction.Put(UserHasCredentials, person, credentials, 0);
        audit.Add(transaction, person, AuditEvent.SignedUp, user.InvitedBy);
        if (user.IsAdministrator)
            audit.Add(transaction, person, AuditEvent.MadeAdministrator);
        // A look at the profile before there was one may have been remembered as "nobody".
        transaction.Invalidate(PageInvalidation.ProfileKey(name, asOwner: true));
        transaction.Invalidate(PageInvalidation.ProfileKey(name, asOwner: false));
        await transaction.CommitAsync(cancellationToken);
        (user.Id, user.CredentialsId, user.Version, user.Username) = (person.Id, credentials.Id, 1, name);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        var transaction = store.Begin(user.Id.Shard);
        transaction.Update(user.CredentialsId, CredentialsOf(user, user.Email ?? ""), user.Version);
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            return IdentityResult.Failed(Errors.ConcurrencyFailure());
        }
        user.Version++;
        return IdentityResult.Success;
    }

    /// <summary>Makes them the first if nobody is, and so an administrator; what speaks against it, or null.</summary>
    async Task<IdentityError?> FindFaultOfFirstAsync(
        Account user, Transaction transaction, NewObject<User> person, CancellationToken cancellation)
    {
        try
        {
            var isFirst = await first.TryClaimAsync(transaction, person, cancellation);
            user.IsAdministrator |= isFirst;
            return isFirst || !user.MustBeFirst ? null : new IdentityError
            {
                Code = NotFirst,
                Description = "Somebody else has just made the first account here. They can invite you.",
            };
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict)
        {
            return new IdentityError { Code = NotFirst, Description = e.Message };
        }
    }

    static Credentials CredentialsOf(Account user, string email) =>
        new(email, user.PasswordHash, user.SecurityStamp, user.DisabledAt, user.IsAdministrator);

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Accounts are not deleted through Identity: their boards and pins would stay.");

    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        ObjectId<User>.TryParse(userId, null, out var id)
            ? (await accounts.ReadAsync(id, cancellationToken)).Account
            : null;

    public async Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await accounts.FindIdAsync(normalizedUserName, cancellationToken) is { } id
            ? (await accounts.ReadAsync(id, cancellationToken)).Account
            : null;

    public Task<Account?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        normalizedEmail.Contains('@', StringComparison.Ordinal)
            ? FindByNameAsync(normalizedEmail, cancellationToken)
            : Task.FromResult<Account?>(null);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Username);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) =>
        Set(() => user.Username = userName ?? "");

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Username.ToLowerInvariant());

    public Task SetNormalizedUserNameAsync(
        Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) =>
        Set(() => user.PasswordHash = passwordHash ?? "");

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.PasswordHash is "" ? null : user.PasswordHash);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not "");

    public Task SetEmailAsync(Account user, string? email, CancellationToken cancellationToken) =>
        Set(() => user.Email = email);

    public Task<string?> GetEmailAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Email);

    public Task<bool> GetEmailConfirmedAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task SetEmailConfirmedAsync(Account user, bool confirmed, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<string?> GetNormalizedEmailAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Email?.ToLowerInvariant());

    public Task SetNormalizedEmailAsync(Account user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) =>
        Set(() => user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public void Dispose()
    {
    }

    static Task Set(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
