using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>One browser that is signed in as a person: on their shard, never in a cache.</summary>
/// <param name="User">Who is signed in.</param>
/// <param name="Credentials">Theirs.</param>
/// <param name="SecretHash">SHA-256 of the secret in that browser's cookie, in base64; the secret is nowhere.</param>
/// <param name="Stamp">The security stamp of the credentials when it began; it ends when they get another.</param>
/// <param name="IsRemembered">Whether it outlives the browser's own session.</param>
/// <param name="StartedAt">When the password was given.</param>
/// <param name="SeenAt">When it was last used, to the hour.</param>
/// <param name="Address">Where from it was last used.</param>
/// <param name="Device">Browser and system, in a few words.</param>
sealed record Session(
    ObjectId<User> User, ObjectId<Credentials> Credentials, string SecretHash, string Stamp, bool IsRemembered,
    DateTimeOffset StartedAt, DateTimeOffset SeenAt, string Address, string Device)
{
    /// <summary>Of one person; the oldest goes when another begins.</summary>
    public const int OfOnePersonMax = 50;

    /// <summary>However much it is used.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(30);

    /// <summary>Without being used.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromDays(14);

    /// <summary>Without being used, where "Stay signed in" was not chosen.</summary>
    public static readonly TimeSpan IdleMaxUnlessRemembered = TimeSpan.FromHours(12);

    public static ObjectType<Session> Type { get; } =
        new(8, "sessions", PinboardJson.Default.Session, isCached: false);

    /// <summary>Whether whoever has its secret is signed in.</summary>
    public bool IsLive(Credentials credentials, DateTimeOffset now) =>
        credentials.DisabledAt is null && credentials.SecurityStamp == Stamp && now < StartedAt + LifetimeMax
        && now < SeenAt + (IsRemembered ? IdleMax : IdleMaxUnlessRemembered);
}
