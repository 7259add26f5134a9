using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>What nobody may see of a person: on their shard, never in a cache.</summary>
/// <param name="Email">In lower case; empty for an account that was made without one.</param>
/// <param name="PasswordHash">With its salt and its parameters, as ASP.NET Core Identity writes it.</param>
/// <param name="SecurityStamp">Sessions and known devices of an earlier one are void: changing it ends them
/// all.</param>
/// <param name="DisabledAt">Since when nobody may be signed in as them, or null.</param>
/// <param name="IsAdministrator">Whether they may see and disable others, and make them administrators.</param>
sealed record Credentials(
    string Email, string PasswordHash, string SecurityStamp, DateTimeOffset? DisabledAt = null,
    bool IsAdministrator = false)
{
    public static ObjectType<Credentials> Type { get; } =
        new(5, "credentials", PinboardJson.Default.Credentials, isCached: false);
}
