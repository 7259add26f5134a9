using Xunit;

namespace Pinfold.Sharding.Tests.Following;

/// <summary>
/// Tests that use the servers of <see cref="Fleet"/>, one after the other: each begins with empty ones.
/// </summary>
[CollectionDefinition(Name)]
public sealed class FollowerCollection
{
    public const string Name = "followers";
}
