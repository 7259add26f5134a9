using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>What came of checking a topology: a map, or everything that is wrong with it, never both.</summary>
public sealed class TopologyCheck
{
    /// <summary>The most problems that one check lists.</summary>
    public const int ProblemsMax = ProblemList.KeptMax;

    internal TopologyCheck(string source, TopologyMap map)
    {
        Source = source;
        Map = map;
        Problems = [];
    }

    internal TopologyCheck(string source, IReadOnlyList<TopologyProblem> problems, int problemCount)
    {
        Source = source;
        Problems = problems;
        ProblemCount = problemCount;
    }

    /// <summary>The path of the file, or <c>The topology given in code</c>.</summary>
    public string Source { get; }

    /// <summary>The map; null when there are problems.</summary>
    public TopologyMap? Map { get; }

    /// <summary>The first 50 problems that were found, in the order of their lines.</summary>
    public IReadOnlyList<TopologyProblem> Problems { get; }

    /// <summary>How many problems there are, those that are not listed included.</summary>
    public int ProblemCount { get; }

    /// <summary>Whether there is a map.</summary>
    [MemberNotNullWhen(true, nameof(Map))]
    public bool IsValid => Map is not null;

    /// <summary>The map.</summary>
    /// <exception cref="PinfoldException">Invalid: there are problems, as <see cref="Describe"/> lists.</exception>
    public TopologyMap GetMap() => Map ?? throw PinfoldException.Invalid(Describe());

    /// <summary>All problems as text, a line each after one that names the source; or that there is none.</summary>
    public string Describe()
    {
        if (IsValid)
            return $"{Source} is a valid topology.";
        var text = new StringBuilder($"{Source} is not a valid topology:");
        foreach (var problem in Problems)
            text.Append("\n  ").Append(problem);
        if (ProblemCount > Problems.Count)
            text.Append($"\n  and {ProblemCount - Problems.Count} more.");
        return text.ToString();
    }
}
