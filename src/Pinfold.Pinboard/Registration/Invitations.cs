using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Registration;

/// <summary>Made, listed, taken back and used: each one write on the shard of who made it.</summary>
sealed class Invitations(ShardedStore store, Accounts accounts, AuditLog audit, TimeProvider time)
{
    /// <summary>Those of one person that have ended go a few at a time, when another is made.</summary>
    const int RemovedAtOnceMax = 10;

    /// <summary>
    /// Makes one; gives its id and what stands in its link, which is not kept and cannot be shown again.
    /// </summary>
    /// <param name="by">Who invites; none where nobody is here yet.</param>
    /// <param name="uses">How many accounts it is good for.</param>
    /// <param name="days">When it ends.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="PinfoldException">
    /// Invalid: uses or days are not right. LimitExceeded: too many of theirs are open.
    /// </exception>
    public async Task<(Stored<Invitation> Invitation, string Link)> MakeAsync(
        ObjectId<User> by, int uses, int days, CancellationToken cancellation)
    {
        if (days is < 1 or > Invitation.DaysMax)
            throw new PinfoldException(
                ErrorKind.Invalid, $"An invitation ends after 1 to {Invitation.DaysMax} days; {days} is not right.");
        if (uses is < 1 or > Invitation.UsesOfOneMax)
            throw new PinfoldException(ErrorKind.Invalid,
                $"An invitation is good for 1 to {Invitation.UsesOfOneMax} people; {uses} is not right.");
        var token = InvitationLink.NewToken();
        var now = time.GetUtcNow();
        var invitation = new Invitation(by, InvitationLink.HashOf(token), now, now.AddDays(days), uses, []);
        var shard = by.IsNone ? store.PickShard() : by.Shard;
        var made = by.IsNone
            ? await MakeOfNobodyAsync(shard, invitation, cancellation)
            : await store.WriteAsync(shard, async (transaction, token) =>
            {
                await RefuseUnlessMayAsync(transaction, invitation, token);
                var created = transaction.Create(invitation);
                transaction.Put(UserHasInvitations, by, created, now.ToUnixTimeMilliseconds());
                await audit.AddAsync(transaction, by, AuditEvent.InvitationMade, count: uses, cancellation: token);
                return created;
            }, cancellation);
        return (new Stored<Invitation>(made.Id, invitation, 1, 0), InvitationLink.Format(made.Id, token));
    }

    /// <summary>A person's, newest first. Two round trips.</summary>
    public async Task<IReadOnlyList<Stored<Invitation>>> ListAsync(
        ObjectId<User> by, CancellationToken cancellation)
    {
        var page = await store.PageAsync(
            UserHasInvitations, by, new PageRequest(Invitation.ListedMax), cancellation);
        var found = await store.FindManyUncachedAsync(page.Items.Select(e => e.To), cancellation);
        return [.. found.OfType<Stored<Invitation>>()];
    }

    /// <summary>
    /// Takes one back: who has not used it cannot any more. Nothing happens if it was taken back before.
    /// </summary>
    /// <param name="id">Which.</param>
    /// <param name="by">Whose it has to be; null for whoever runs the installation.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <exception cref="PinfoldException">NotFound: there is none, or it is another's.</exception>
    public Task RevokeAsync(ObjectId<Invitation> id, ObjectId<User>? by, CancellationToken cancellation) =>
        store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            if (await store.FindUncachedAsync(id, token) is not { } found
                || (by is { } owner && owner != found.Body.By))
                throw new PinfoldException(ErrorKind.NotFound, "There is no such invitation.");
            if (found.Body.RevokedAt is not null)
                return;
            transaction.Update(found with { Body = found.Body with { RevokedAt = time.GetUtcNow() } });
            await LogAsync(transaction, found, AuditEvent.InvitationRevoked, by: null, token);
        }, cancellation);

    /// <summary>Whether somebody could sign up with this now: two round trips at most.</summary>
    public async Task<bool> IsGoodAsync(InvitationLink? link, CancellationToken cancellation) =>
        await FindGoodAsync(link, cancellation) is not null;

    /// <summary>
    /// Takes one use of it for an account that has yet to be made, unless there is none left. Of two who take the last
    /// at once, one gets it.
    /// </summary>
    /// <returns>Null: it is not good, and it is not said why.</returns>
    public async Task<TakenInvitation?> TryTakeAsync(
        InvitationLink? link, string username, CancellationToken cancellation)
    {
        if (link is null || !IsOfThisInstallation(link.Id))
            return null;
        var use = new InvitationUse(Guid.NewGuid(), username, time.GetUtcNow());
        return await store.WriteAsync(link.Id.Shard, async (transaction, token) =>
        {
            if (await FindGoodAsync(link, token) is not { } found)
                return null;
            var (invitation, inviter) = found;
            transaction.Update(invitation with
            {
                Body = invitation.Body with { Uses = [.. invitation.Body.Uses, use] },
            });
            await LogAsync(transaction, invitation, AuditEvent.InvitationUsed, username, token);
            return new TakenInvitation(invitation.Id, use, inviter);
        }, cancellation);
    }

    /// <summary>For an account that could not be made.</summary>
    public Task GiveBackAsync(TakenInvitation taken, CancellationToken cancellation) =>
        store.WriteAsync(taken.Id.Shard, async (transaction, token) =>
        {
            if (await store.FindUncachedAsync(taken.Id, token) is not { } found
                || found.Body.Uses.All(use => use.Key != taken.Use.Key))
                return;
            transaction.Update(found with
            {
                Body = found.Body with { Uses = [.. found.Body.Uses.Where(use => use.Key != taken.Use.Key)] },
            });
            await LogAsync(transaction, found, AuditEvent.InvitationGivenBack, taken.Use.Username, token);
        }, cancellation);

    async Task<NewObject<Invitation>> MakeOfNobodyAsync(
        ShardId shard, Invitation invitation, CancellationToken cancellation)
    {
        var transaction = store.Begin(shard);
        var created = transaction.Create(invitation);
        await transaction.CommitAsync(cancellation);
        return created;
    }

    /// <summary>Looks how many are open, and lets the oldest of those that have ended go.</summary>
    async Task RefuseUnlessMayAsync(Transaction transaction, Invitation wanted, CancellationToken cancellation)
    {
        var account = await accounts.GetAsync(wanted.By, cancellation);
        var mayMakeMany = account.Credentials!.Body.IsAdministrator || audit.Origin.IsOperator;
        if (wanted.UsesMax > 1 && !mayMakeMany)
            throw new PinfoldException(ErrorKind.Forbidden, "An invitation of yours is good for one person.");
        var now = time.GetUtcNow();
        var all = await ListAsync(wanted.By, cancellation);
        var (open, ended) = (all.Where(i => i.Body.IsOpen(now)).ToList(), all.Where(i => !i.Body.IsOpen(now)).ToList());
        var openMax = mayMakeMany ? Invitation.ListedMax : Invitation.OpenOfOnePersonMax;
        if (open.Count >= openMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"{open.Count} of your invitations can still be used; take one back first.");
        foreach (var old in ended.AsEnumerable().Reverse().Take(
            Math.Min(RemovedAtOnceMax, all.Count + 1 - Invitation.ListedMax)))
        {
            transaction.Erase(old.Id);
            transaction.Remove(UserHasInvitations, wanted.By, old.Id);
        }
    }

    /// <summary>With its inviter's user name, unless nobody was here when it was made.</summary>
    async Task<(Stored<Invitation> Invitation, string? Inviter)?> FindGoodAsync(
        InvitationLink? link, CancellationToken cancellation)
    {
        if (link is null || !IsOfThisInstallation(link.Id)
            || await store.FindUncachedAsync(link.Id, cancellation) is not { } found || !link.Opens(found.Body)
            || !found.Body.IsOpen(time.GetUtcNow()))
            return null;
        if (found.Body.By.IsNone)
            return (found, null);
        var inviter = await accounts.ReadAsync(found.Body.By, cancellation);
        return inviter.Account is { DisabledAt: null } ? (found, inviter.Account.Username) : null;
    }

    bool IsOfThisInstallation(ObjectId<Invitation> id) => id.Shard.Value < store.Topology.ShardCount;

    async Task LogAsync(
        Transaction transaction, Stored<Invitation> invitation, AuditEvent happened, string? by,
        CancellationToken cancellation)
    {
        if (!invitation.Body.By.IsNone)
            await audit.AddAsync(
                transaction, invitation.Body.By, happened, $"{invitation.Id}", by: by, cancellation: cancellation);
    }
}

/// <summary>A use of an invitation, taken for an account.</summary>
sealed record TakenInvitation(ObjectId<Invitation> Id, InvitationUse Use, string? Inviter);
