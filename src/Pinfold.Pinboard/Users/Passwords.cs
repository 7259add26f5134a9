using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Gives accounts another password: in one transaction every session ends, and every device but the one that asked is a
/// stranger's.
/// </summary>
sealed class Passwords(
    ShardedStore store, Accounts accounts, Sessions sessions, PasswordCheck check, IPasswordHasher<Account> hasher,
    IServiceScopeFactory scopes, AuditLog audit, TimeProvider time)
{
    /// <summary>For who is signed in and knows the current one; a wrong one counts as if they tried to sign
    /// in.</summary>
    /// <returns>What the browser of their new session is to keep, or what is wrong with either password.</returns>
    public async Task<(IdentityResult Result, StartedSession? Session)> ChangeAsync(
        SignedIn signedIn, string? current, string? password, Client client, CancellationToken cancellation)
    {
        var known = await check.TryAsync(
            signedIn.User.Id, "", current ?? "", client, isFree: _ => true, cancellation);
        if (known.Outcome != SignInOutcome.SignedIn)
            return (IdentityResult.Failed(new IdentityError
            {
                Code = "PasswordMismatch",
                Description = "This is not your current password. After ten wrong ones, wait a quarter of an hour.",
            }), null);
        if (await RefuseAsync(known.Account.Account!, password) is { } refused)
            return (refused, null);
        var begun = await ReplaceAsync(
            signedIn.User.Id, password!, AuditEvent.PasswordChanged, (transaction, account, credentials) =>
        {
            WrongPasswords.Forgive(transaction, account, known.Who, time.GetUtcNow());
            return sessions.Begin(transaction, account, credentials, client, signedIn.Session.Body);
        }, cancellation);
        return (IdentityResult.Success, begun!.Started());
    }

    /// <summary>For an operator: whoever is signed in as them is signed out at once.</summary>
    public async Task<IdentityResult> ResetAsync(
        ObjectId<User> user, string password, CancellationToken cancellation)
    {
        var account = await accounts.GetAsync(user, cancellation);
        if (await RefuseAsync(account.Account!, password) is { } refused)
            return refused;
        await ReplaceAsync(user, password, AuditEvent.PasswordReset, (_, _, _) => null, cancellation);
        return IdentityResult.Success;
    }

    /// <summary>What is wrong with a new password, or null.</summary>
    async Task<IdentityResult?> RefuseAsync(Account account, string? password)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        foreach (var validator in users.PasswordValidators)
            if (await validator.ValidateAsync(users, account, password) is { Succeeded: false } refused)
                return refused;
        return null;
    }

    async Task<NewSession?> ReplaceAsync(
        ObjectId<User> user, string password, AuditEvent how,
        Func<Transaction, AccountRead, Credentials, NewSession?> also, CancellationToken cancellation)
    {
        NewSession? begun = null;
        string? hash = null;
        await store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            var account = await accounts.GetAsync(user, token);
            hash ??= hasher.HashPassword(account.Account!, password);
            var credentials = Sessions.EndAll(
                transaction, account, account.Credentials!.Body with { PasswordHash = hash });
            begun = also(transaction, account, credentials);
            await audit.AddAsync(transaction, user, how, cancellation: token);
        }, cancellation);
        return begun;
    }
}
