using System.Diagnostics;

namespace Pinfold.Sharding.Telemetry;

/// <summary>The names under which traces and metrics leave this library.</summary>
public static class ShardingTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/> and of the <c>Meter</c>.</summary>
    public const string Name = "Pinfold.Sharding";

    internal static readonly ActivitySource Source = new(Name);
}
