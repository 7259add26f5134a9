using Microsoft.AspNetCore.Identity;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Signs people in: the one place where a password is compared for that. What it answers and costs is the same for a
/// wrong password, a name that nobody has, and a name for which too much was tried.
/// </summary>
sealed class SignIns(
    ShardedStore store, Accounts accounts, Sessions sessions, PasswordCheck check, AddressTries addresses,
    IPasswordHasher<Account> hasher, AuditLog audit, TimeProvider time)
{
    const int NameLengthMax = 254;

    /// <summary>Tries a name and a password.</summary>
    /// <returns>The session that has begun, or why there is none.</returns>
    public async Task<SignInAnswer> TryAsync(
        string? name, string? password, bool isRemembered, Client client, CancellationToken cancellation)
    {
        var typed = name ?? "";
        if (typed.Length > NameLengthMax)
            typed = "";
        var id = await accounts.FindIdAsync(typed, cancellation) ?? accounts.Nobody(typed);
        var checkedPassword = await check.TryAsync(
            id, typed, password ?? "", client, isFree: known => known || client.Known is null
                || addresses.Take(client.Origin), cancellation);
        if (checkedPassword.Outcome != SignInOutcome.SignedIn)
            return new SignInAnswer(checkedPassword.Outcome, null);
        var account = checkedPassword.Account;
        if (account.Credentials!.Body.DisabledAt is not null)
            return new SignInAnswer(SignInOutcome.Disabled, null);
        if (checkedPassword.NeedsRehash)
            await RehashAsync(account, password!, cancellation);
        return new SignInAnswer(
            SignInOutcome.SignedIn,
            await StartAsync(account, isRemembered, client, checkedPassword.Who, cancellation));
    }

    /// <summary>Signs in somebody who has just made their account.</summary>
    public async Task<StartedSession> StartAsync(
        ObjectId<User> user, Client client, CancellationToken cancellation) =>
        await StartAsync(
            await accounts.GetAsync(user, cancellation), isRemembered: true, client, who: null, cancellation);

    async Task<StartedSession> StartAsync(
        AccountRead read, bool isRemembered, Client client, byte[]? who, CancellationToken cancellation)
    {
        AccountRead? account = read;
        NewSession? begun = null;
        await store.WriteAsync(read.Id.Shard, async (transaction, token) =>
        {
            account ??= await accounts.GetAsync(read.Id, token);
            // With the stamp of the password that was right: if another has taken its place, this session is void.
            begun = sessions.Begin(
                transaction, account, read.Credentials!.Body, client, goesOnFrom: null, isRemembered);
            sessions.Prune(transaction, account);
            if (who is not null)
                WrongPasswords.Forgive(transaction, account, who, time.GetUtcNow());
            await audit.AddAsync(transaction, read.Id, AuditEvent.SignedIn, cancellation: token);
            account = null;
        }, cancellation);
        return begun!.Started();
    }

    /// <summary>A hash of earlier parameters becomes one of today's; if another write is faster, the next
    /// time.</summary>
    async Task RehashAsync(AccountRead account, string password, CancellationToken cancellation)
    {
        var changed = account.Credentials! with
        {
            Body = account.Credentials.Body with { PasswordHash = hasher.HashPassword(account.Account!, password) },
        };
        var transaction = store.Begin(account.Id.Shard);
        transaction.Update(changed);
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (PinfoldException)
        {
            // They are signed in all the same.
        }
    }
}

/// <summary>What became of a try.</summary>
enum SignInOutcome
{
    SignedIn,

    /// <summary>A wrong password, or nobody has that name, or too much was tried: it is not said which.</summary>
    Refused,

    /// <summary>The password is right, and an administrator has disabled the account.</summary>
    Disabled,

    /// <summary>Too many tries of one address; the password was not looked at.</summary>
    HeldUp,
}

/// <summary>What became of a try, and the session if there is one.</summary>
sealed record SignInAnswer(SignInOutcome Outcome, StartedSession? Session);
