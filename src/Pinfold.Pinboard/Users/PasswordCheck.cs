using Microsoft.AspNetCore.Identity;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Compares a password with an account's, and counts it when it is wrong: for signing in and for whoever is asked
/// again.
/// </summary>
/// <remarks>
/// Always three round trips after the name was looked up (a wrong one's third is its count, a right one's is what the
/// caller writes), and always one hash, whether there is such an account or not. Only who is held up has fewer.
/// </remarks>
sealed class PasswordCheck(
    ShardedStore store, Accounts accounts, SignInTurns turns, IPasswordHasher<Account> hasher, AuditLog audit,
    TimeProvider time)
{
    static readonly Account Nobody = new() { Username = "nobody" };

    /// <param name="id">Whose.</param>
    /// <param name="name">What was typed; of use if nobody has that name.</param>
    /// <param name="password">What was typed.</param>
    /// <param name="client">Where from.</param>
    /// <param name="isFree">Told whether the device is known; false holds the try up.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<CheckedPassword> TryAsync(
        ObjectId<User> id, string name, string password, Client client, Func<bool, bool> isFree,
        CancellationToken cancellation) =>
        turns.TakeAsync((id, client.Known?.Number, client.Origin), async () =>
        {
            var account = await accounts.ReadAsync(id, cancellation);
            var isKnown = client.Known?.IsOf(account.Credentials) == true;
            var who = WrongPasswords.Who(
                account.Account is null ? name.Trim().ToLowerInvariant() : $"{id}", client, isKnown);
            if (!isFree(isKnown))
                return new CheckedPassword(SignInOutcome.HeldUp, account, who, false);
            var now = time.GetUtcNow();
            var isAllowed = WrongPasswords.Allow(account.WrongPasswords, who, now);
            var compared = hasher.VerifyHashedPassword(
                Nobody, account.Account?.PasswordHash is { Length: > 0 } hash ? hash : AccountPasswordHasher.Nobodys,
                password);
            if (isAllowed && compared != PasswordVerificationResult.Failed && account.Account is not null)
                return new CheckedPassword(
                    SignInOutcome.SignedIn, account, who,
                    compared == PasswordVerificationResult.SuccessRehashNeeded);
            if (isAllowed)
            {
                var transaction = store.Begin(id.Shard);
                WrongPasswords.Count(transaction, account, who, now);
                audit.CountWrongPassword(
                    transaction, id, account.WrongPasswordHours, client.Address, client.Device);
                await transaction.CommitAsync(cancellation);
            }
            return new CheckedPassword(SignInOutcome.Refused, account, who, false);
        });
}

/// <summary>What a comparison found.</summary>
/// <param name="Outcome">SignedIn: it is right.</param>
/// <param name="Account">As it was read for this.</param>
/// <param name="Who">By whom it was counted.</param>
/// <param name="NeedsRehash">It is right, and its hash is of earlier parameters.</param>
sealed record CheckedPassword(SignInOutcome Outcome, AccountRead Account, byte[] Who, bool NeedsRehash);
