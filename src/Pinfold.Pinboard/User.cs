using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>What everybody may see of a person.</summary>
/// <param name="Username">As in addresses: 3 to 30 of a-z, 0-9, dash and underscore.</param>
/// <param name="DisplayName">As shown; at most 60 characters.</param>
/// <param name="About">A few words, or null.</param>
/// <param name="JoinedAt">When the account was made.</param>
/// <param name="BoardsMade">How many boards were ever made: a version check on it keeps two of one slug apart.</param>
sealed record User(string Username, string DisplayName, string? About, DateTimeOffset JoinedAt, int BoardsMade)
{
    public static ObjectType<User> Type { get; } = new(3, "users", PinboardJson.Default.User);
}
