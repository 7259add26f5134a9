namespace Pinfold.Sharding.Routing;

/// <summary>Limits of one store.</summary>
/// <param name="ObjectsPerReadMax">The most objects that one call may ask for.</param>
/// <param name="FenceDeadline">How long a refused write is tried again while the topology may be changing.</param>
sealed record StoreLimits(int ObjectsPerReadMax, TimeSpan FenceDeadline)
{
    public static StoreLimits Default { get; } = new(10_000, TimeSpan.FromSeconds(5));
}
