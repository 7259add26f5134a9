using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Users;

/// <summary>Finds a person by what they type, and reads all that signing in rests on, past every cache.</summary>
sealed class Accounts(ShardedStore store)
{
    const int EmailLengthMax = 200;

    /// <summary>How many places the wrong passwords of names that nobody has are counted in.</summary>
    const int Nobodies = 4096;

    /// <summary>By user name or email address; null for nobody. One round trip.</summary>
    public async Task<ObjectId<User>?> FindIdAsync(string name, CancellationToken cancellation)
    {
        var typed = name.Trim().ToLowerInvariant();
        var kind = typed.Contains('@', StringComparison.Ordinal) ? EmailKind : UsernameKind;
        var isPossible = kind == EmailKind ? typed.Length <= EmailLengthMax : Usernames.IsPossible(typed);
        return isPossible && await store.Names.FindOwnerAsync(kind, typed, cancellation) is { } id
            ? User.Type.Id(id)
            : null;
    }

    /// <summary>Two round trips, also where there is nobody.</summary>
    public async Task<AccountRead> ReadAsync(ObjectId<User> id, CancellationToken cancellation)
    {
        var read = store.Read();
        var user = read.Find(id);
        var credentials = read.Page(UserHasCredentials, id, new PageRequest(1));
        var sessions = read.Page(UserHasSessions, id, new PageRequest(2 * Session.OfOnePersonMax));
        var wrong = read.Page(UserHasWrongPasswords, id, new PageRequest(WrongPasswords.ReadMax));
        var hours = AuditLog.Hours(read, id);
        await read.ExecuteAsync(cancellation);
        var place = credentials.Value.Items is [var first]
            ? first.To
            : Credentials.Type.Id(new ObjectId(id.Shard, Credentials.Type.Number, ObjectId.LocalMax));
        return new AccountRead(
            id, user.Value, await store.FindUncachedAsync(place, cancellation), sessions.Value.Items,
            wrong.Value.Items, hours.Value.Items);
    }

    /// <summary>As <see cref="ReadAsync"/>, and nobody is an error.</summary>
    public async Task<AccountRead> GetAsync(ObjectId<User> id, CancellationToken cancellation) =>
        await ReadAsync(id, cancellation) is { Account: not null } account
            ? account
            : throw new PinfoldException(ErrorKind.NotFound, "There is no such account any more.");

    /// <summary>
    /// For a name that nobody has: an id that nobody gets, always the same, so that trying passwords for it costs and
    /// counts what it does for a name that somebody has.
    /// </summary>
    public ObjectId<User> Nobody(string name)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name.Trim().ToLowerInvariant()));
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash) % Nobodies;
        var shard = store.Topology.PickShardForNewOwner(BinaryPrimitives.ReadUInt64BigEndian(hash));
        return User.Type.Id(new ObjectId(shard, User.Type.Number, ObjectId.LocalMax - number));
    }
}

/// <summary>A person as their shard has them now.</summary>
/// <param name="Id">Who was asked for.</param>
/// <param name="User">Null: there is nobody.</param>
/// <param name="Credentials">Null: there is nobody.</param>
/// <param name="Sessions">Newest first; void ones too.</param>
/// <param name="WrongPasswords">Newest first.</param>
/// <param name="WrongPasswordHours">What the audit log has of them, newest first.</param>
sealed record AccountRead(
    ObjectId<User> Id, Stored<User>? User, Stored<Credentials>? Credentials, IReadOnlyList<Entry<Session>> Sessions,
    IReadOnlyList<Entry<Session>> WrongPasswords, IReadOnlyList<Entry<AuditEntry>> WrongPasswordHours)
{
    /// <summary>As ASP.NET Core Identity handles them; null for nobody.</summary>
    public Account? Account => User is { } user && Credentials is { } credentials
        ? new Account
        {
            Id = Id,
            CredentialsId = credentials.Id,
            Version = credentials.Version,
            Username = user.Body.Username,
            DisplayName = user.Body.DisplayName,
            Email = credentials.Body.Email,
            PasswordHash = credentials.Body.PasswordHash,
            SecurityStamp = credentials.Body.SecurityStamp,
            DisabledAt = credentials.Body.DisabledAt,
            IsAdministrator = credentials.Body.IsAdministrator,
        }
        : null;
}
