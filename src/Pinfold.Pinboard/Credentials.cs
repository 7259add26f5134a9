using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>What nobody may see of a person: on their shard, never in a cache.</summary>
sealed record Credentials(
    string Email, string PasswordHash, string SecurityStamp, int FailedSignIns, DateTimeOffset? LockedUntil)
{
    public static ObjectType<Credentials> Type { get; } =
        new(5, "credentials", PinboardJson.Default.Credentials, isCached: false);
}
