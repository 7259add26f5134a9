using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Users;

/// <summary>Who is signed in where, as the person's own shard has it.</summary>
sealed class Sessions(ShardedStore store, Accounts accounts, AuditLog audit, TimeProvider time)
{
    /// <summary>How exactly the time is kept at which a session was last used: a write at most this often.</summary>
    static readonly TimeSpan SeenEvery = TimeSpan.FromHours(1);

    /// <summary>
    /// Who has this ticket; null for nobody. One round trip to the shard itself, past every cache: what another process
    /// has ended is over at once.
    /// </summary>
    public async Task<SignedIn?> FindAsync(SessionTicket ticket, CancellationToken cancellation)
    {
        if (ticket.Session.Shard.Value >= store.Topology.ShardCount)
            return null;
        var read = store.Read();
        var session = read.Find(ticket.Session);
        var user = read.Find(ticket.User);
        var credentials = read.Find(ticket.Credentials);
        var unread = read.Count(UserHasUnreadNotifications, ticket.User);
        await read.ExecuteAsync(cancellation);
        return session.Value is { } found && user.Value is { } person && credentials.Value is { } theirs
            && ticket.Opens(found.Body) && found.Body.IsLive(theirs.Body, time.GetUtcNow())
            ? new SignedIn(found, person, theirs) { Unread = unread.Value }
            : null;
    }

    /// <summary>Keeps when and from where a session was used, at most once an hour; it does not matter if
    /// not.</summary>
    public async Task SeeAsync(SignedIn signedIn, Func<Client> from, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - signedIn.Session.Body.SeenAt < SeenEvery)
            return;
        var client = from();
        var transaction = store.Begin(signedIn.Session.Id.Shard);
        transaction.Update(signedIn.Session with
        {
            Body = signedIn.Session.Body with { SeenAt = now, Address = client.Address, Device = client.Device },
        });
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (PinfoldException)
        {
            // Another request of it was faster, or it has just ended, or the shard takes no write now.
        }
    }

    /// <summary>Those that are live, the last used first. Two round trips.</summary>
    public async Task<IReadOnlyList<Stored<Session>>> ListAsync(SignedIn signedIn, CancellationToken cancellation)
    {
        var page = await store.PageAsync(
            UserHasSessions, signedIn.User.Id, new PageRequest(2 * Session.OfOnePersonMax), cancellation);
        var sessions = await store.FindManyUncachedAsync(page.Items.Select(e => e.To), cancellation);
        return
        [
            .. sessions.OfType<Stored<Session>>()
                .Where(s => s.Body.IsLive(signedIn.Credentials.Body, time.GetUtcNow()))
                .OrderByDescending(s => s.Body.SeenAt),
        ];
    }

    /// <summary>Ends one session of a person; nothing happens if it has ended.</summary>
    /// <exception cref="PinfoldException">NotFound: it is not theirs.</exception>
    public Task EndAsync(
        ObjectId<User> user, ObjectId<Session> id, CancellationToken cancellation,
        AuditEvent how = AuditEvent.SignedOut) =>
        store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            if (id.Shard != user.Shard || await store.FindUncachedAsync(id, token) is not { } session)
                return;
            if (session.Body.User != user)
                throw new PinfoldException(ErrorKind.NotFound, "There is no such session.");
            transaction.Erase(id);
            transaction.Remove(UserHasSessions, user, id);
            await audit.AddAsync(
                transaction, user, how, how == AuditEvent.SessionEnded ? session.Body.Device : null,
                cancellation: token);
        }, cancellation);

    /// <summary>
    /// Ends every session of a person in one transaction, and begins one anew in the browser that asked, if it is to
    /// stay.
    /// </summary>
    public async Task<StartedSession?> EndAllAsync(
        ObjectId<User> user, SignedIn? staying, Client? client, CancellationToken cancellation)
    {
        NewSession? begun = null;
        await store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            var account = await accounts.GetAsync(user, token);
            var credentials = EndAll(transaction, account, account.Credentials!.Body);
            begun = staying is not null && client is not null
                ? Begin(transaction, account, credentials, client, staying.Session.Body)
                : null;
            await audit.AddAsync(transaction, user, AuditEvent.SessionsEnded, cancellation: token);
        }, cancellation);
        return begun?.Started();
    }

    /// <summary>
    /// Lets nobody be signed in as a person, or lets them sign in again. Every session ends in the same transaction.
    /// False: it was so before, and nothing is changed.
    /// </summary>
    public Task<bool> DisableAsync(ObjectId<User> user, bool isDisabled, CancellationToken cancellation) =>
        store.WriteAsync(user.Shard, async (transaction, token) =>
        {
            var account = await accounts.GetAsync(user, token);
            if (account.Credentials!.Body.DisabledAt is not null == isDisabled)
                return false;
            EndAll(transaction, account, account.Credentials.Body with
            {
                DisabledAt = isDisabled ? time.GetUtcNow() : null,
            });
            transaction.Say(PinEvents.AccountTurned, user);
            await audit.AddAsync(
                transaction, user, isDisabled ? AuditEvent.Disabled : AuditEvent.Enabled, cancellation: token);
            return true;
        }, cancellation);

    /// <summary>
    /// Puts changed credentials into a transaction, with a stamp that voids every session and known device there is;
    /// what is left of the sessions goes.
    /// </summary>
    public static Credentials EndAll(Transaction transaction, AccountRead account, Credentials changed)
    {
        var credentials = changed with { SecurityStamp = NewStamp() };
        transaction.Update(account.Credentials! with { Body = credentials });
        foreach (var entry in account.Sessions)
            Erase(transaction, account.Id, entry);
        return credentials;
    }

    /// <summary>Puts a new session into a transaction; the oldest of too many go.</summary>
    /// <param name="transaction">Of the person's shard.</param>
    /// <param name="account">As it was read.</param>
    /// <param name="credentials">As they are, or as this transaction leaves them.</param>
    /// <param name="client">The browser.</param>
    /// <param name="goesOnFrom">The session whose beginning counts for this one, or null.</param>
    /// <param name="isRemembered">Whether it outlives the browser's own session.</param>
    public NewSession Begin(
        Transaction transaction, AccountRead account, Credentials credentials, Client client, Session? goesOnFrom,
        bool isRemembered = false)
    {
        var secret = SessionTicket.NewSecret();
        var now = time.GetUtcNow();
        var session = new Session(
            account.Id, account.Credentials!.Id, SessionTicket.HashOf(secret), credentials.SecurityStamp,
            goesOnFrom?.IsRemembered ?? isRemembered, goesOnFrom?.StartedAt ?? now, now, client.Address,
            client.Device);
        var created = transaction.Create(session);
        transaction.Put(UserHasSessions, account.Id, created, now.ToUnixTimeMilliseconds());
        var device = client.Known is { } known && known.Credentials == account.Credentials.Id
            ? known with { Stamp = credentials.SecurityStamp }
            : new KnownDevice(account.Credentials.Id, credentials.SecurityStamp, Guid.NewGuid());
        return new NewSession(created, session, secret, device);
    }

    /// <summary>Those that are too many, or too old to be live, go.</summary>
    public void Prune(Transaction transaction, AccountRead account)
    {
        var since = (time.GetUtcNow() - Session.LifetimeMax).ToUnixTimeMilliseconds();
        foreach (var entry in account.Sessions.Where(
            (e, i) => i >= Session.OfOnePersonMax - 1 || e.Sequence <= since))
            Erase(transaction, account.Id, entry);
    }

    static void Erase(Transaction transaction, ObjectId<User> user, Entry<Session> entry)
    {
        transaction.Erase(entry.To);
        transaction.Remove(UserHasSessions, user, entry.To);
    }

    static string NewStamp() => Guid.NewGuid().ToString("N");
}

/// <summary>Who is signed in, and in which session.</summary>
sealed record SignedIn(Stored<Session> Session, Stored<User> User, Stored<Credentials> Credentials)
{
    /// <summary>How many notifications they have not seen, as it was read with the session.</summary>
    public long Unread { get; init; }
}

/// <summary>A session of a transaction that is not committed yet.</summary>
sealed record NewSession(NewObject<Session> Created, Session Session, byte[] Secret, KnownDevice Device)
{
    /// <summary>After the commit.</summary>
    public StartedSession Started() => new(
        new SessionTicket(Created.Id, Session.User, Session.Credentials, Secret),
        Session.IsRemembered ? Session.StartedAt + Session.LifetimeMax : null, Device);
}

/// <summary>What the browser of a new session is to keep.</summary>
/// <param name="Ticket">For as long as the session lasts.</param>
/// <param name="Until">Null: until the browser is closed.</param>
/// <param name="Device">That this device is known, for as long as it goes.</param>
sealed record StartedSession(SessionTicket Ticket, DateTimeOffset? Until, KnownDevice Device);
