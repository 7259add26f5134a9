using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Pinboard.Users;

/// <summary>People: found by name, and what they say of themselves.</summary>
sealed class UserService(ShardedStore store, AuditLog audit)
{
    const int DisplayNameLengthMax = 60;
    const int AboutLengthMax = 300;

    /// <summary>
    /// The person of that name, or null. One round trip for the name, one for the person unless cached.
    /// </summary>
    public async Task<Stored<User>?> FindAsync(string username, CancellationToken cancellation)
    {
        if (!Usernames.IsPossible(username))
            return null;
        var owner =
            await store.Names.FindOwnerAsync(PinboardModel.UsernameKind, Usernames.Checked(username), cancellation);
        return owner is { } id ? await store.FindAsync(User.Type.Id(id), cancellation) : null;
    }

    /// <summary>A person by id, or null.</summary>
    public Task<Stored<User>?> FindAsync(ObjectId<User> id, CancellationToken cancellation) =>
        store.FindAsync(id, cancellation);

    /// <summary>As <see cref="FindAsync(string, CancellationToken)"/>, and nobody is an error.</summary>
    public async Task<Stored<User>> GetAsync(string username, CancellationToken cancellation) =>
        await FindAsync(username, cancellation)
            ?? throw new PinfoldException(ErrorKind.NotFound, $"There is no user \"{username}\".");

    /// <summary>Changes how a person is shown.</summary>
    public async Task UpdateProfileAsync(
        ObjectId<User> id, string? displayName, string? about, CancellationToken cancellation)
    {
        var (name, words) = (CheckedName(displayName), CheckedAbout(about));
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var user = await store.FindUncachedAsync(id, token)
                ?? throw new PinfoldException(ErrorKind.NotFound, "There is no such user.");
            transaction.Update(user with
            {
                Body = user.Body with { DisplayName = name is "" ? user.Body.Username : name, About = words },
            });
            PageInvalidation.OfProfile(transaction, user.Body);
            await audit.AddAsync(transaction, id, AuditEvent.ProfileChanged, cancellation: token);
        }, cancellation);
    }

    /// <summary>How somebody is shown; empty for their user name.</summary>
    /// <exception cref="PinfoldException">Invalid: it is too long.</exception>
    public static string CheckedName(string? displayName) => Text.Line(displayName, DisplayNameLengthMax, "A name");

    /// <exception cref="PinfoldException">Invalid: it is too long.</exception>
    public static string? CheckedAbout(string? about) =>
        Text.Paragraph(about, AboutLengthMax, "What you say about yourself");
}
