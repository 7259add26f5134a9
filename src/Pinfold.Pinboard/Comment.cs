using Pinfold.Sharding;

namespace Pinfold.Pinboard;

/// <summary>What somebody says of a pin; on the shard of who wrote it.</summary>
/// <param name="Author">Who wrote it.</param>
/// <param name="Pin">Of which pin; on any shard.</param>
/// <param name="Text">As it was typed, without control characters; at most <see cref="LengthMax"/> code points.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="EditedAt">When it was last changed, or null.</param>
sealed record Comment(
    ObjectId<User> Author, ObjectId<Pin> Pin, string Text, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt = null)
{
    /// <summary>In Unicode code points: the same for every script, and few enough bytes whatever they are.</summary>
    public const int LengthMax = 2000;

    public static ObjectType<Comment> Type { get; } = new(11, "comments", PinboardJson.Default.Comment);
}
