using System.Globalization;

namespace Pinfold.Sharding.Topology;

/// <summary>One thing that is wrong in a topology, and what would be right.</summary>
/// <param name="Line">From 1; 0 when the topology was given in code.</param>
/// <param name="Column">In characters, from 1; 0 when the topology was given in code.</param>
/// <param name="Message">Names the value, and what to write instead.</param>
public readonly record struct TopologyProblem(int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0
        ? Message
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Message}");
}
