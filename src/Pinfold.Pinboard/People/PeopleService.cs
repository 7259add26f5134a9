using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.People;

/// <summary>What administrators, and whoever runs the installation, do to accounts of others.</summary>
sealed class PeopleService(ShardedStore store, Accounts accounts, Sessions sessions, AuditLog audit)
{
    /// <summary>
    /// Makes somebody an administrator or takes that from them; it counts from their next request on. False: they were
    /// that before.
    /// </summary>
    /// <exception cref="PinfoldException">Forbidden: it is who asks.</exception>
    public Task<bool> SetAdministratorAsync(
        ObjectId<User> user, bool isAdministrator, CancellationToken cancellation)
    {
        RefuseSelf(user);
        return store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            var credentials = (await accounts.GetAsync(user, token)).Credentials!;
            if (credentials.Body.IsAdministrator == isAdministrator)
                return false;
            transaction.Update(credentials with
            {
                Body = credentials.Body with { IsAdministrator = isAdministrator },
            });
            await audit.AddAsync(
                transaction, user,
                isAdministrator ? AuditEvent.MadeAdministrator : AuditEvent.RemovedAsAdministrator,
                cancellation: token);
            return true;
        }, cancellation);
    }

    /// <summary>
    /// Lets nobody be signed in as somebody, or lets them sign in again; every session ends in the same transaction.
    /// What they have pinned stays as it is. False: it was so before.
    /// </summary>
    /// <exception cref="PinfoldException">Forbidden: it is who asks.</exception>
    public Task<bool> SetDisabledAsync(ObjectId<User> user, bool isDisabled, CancellationToken cancellation)
    {
        RefuseSelf(user);
        return sessions.DisableAsync(user, isDisabled, cancellation);
    }

    /// <summary>So there is always somebody left who can.</summary>
    void RefuseSelf(ObjectId<User> user)
    {
        if (audit.Origin.User == user)
            throw new PinfoldException(ErrorKind.Forbidden,
                "You cannot do this to yourself: ask another administrator, or whoever runs this site.");
    }
}
