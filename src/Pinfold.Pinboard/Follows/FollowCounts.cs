using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Follows;

/// <summary>A part of a list of people or boards, and the cursor of the next part or null.</summary>
sealed record FollowPage<T>(IReadOnlyList<Stored<T>> Items, string? Next) where T : class;

/// <summary>A person's numbers.</summary>
/// <param name="Followers">How many follow them.</param>
/// <param name="People">How many they follow.</param>
/// <param name="Boards">How many boards they follow by themselves.</param>
sealed record FollowCounts(long Followers, long People, long Boards);

/// <summary>A person's numbers, and what there is between them and who looks.</summary>
/// <param name="Counts">The numbers.</param>
/// <param name="IsFollowed">Whether the viewer follows them.</param>
/// <param name="IsBlocked">Whether the viewer has blocked them.</param>
sealed record PersonFollows(FollowCounts Counts, bool IsFollowed, bool IsBlocked);

/// <summary>As it lies in the cache.</summary>
[JsonSerializable(typeof(FollowCounts))]
sealed partial class FollowJson : JsonSerializerContext;
