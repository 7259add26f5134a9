namespace Pinfold.Sharding;

/// <summary>A kind of value that is unique over all shards, such as user names.</summary>
/// <param name="Number">1 to 255, unique in the model, for ever.</param>
/// <param name="Name">What people call it, for messages: "user name".</param>
public sealed record NameKind(byte Number, string Name);
