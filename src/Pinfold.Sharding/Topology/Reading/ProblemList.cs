namespace Pinfold.Sharding.Topology.Reading;

/// <summary>Gathers what is wrong, so that a person sees all of it at once; keeps the first 50.</summary>
/// <param name="text">Null when the topology was given in code and its lines mean nothing to anybody.</param>
sealed class ProblemList(SourceText? text)
{
    public const int KeptMax = 50;

    readonly List<SourceProblem> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<SourceProblem> InOrder =>
        [.. _kept.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    public void Add(int offset, string message)
    {
        Count++;
        if (_kept.Count == KeptMax)
            return;
        var (line, column) = text?.Locate(offset) ?? default;
        _kept.Add(new SourceProblem(line, column, message));
    }

    public int LineOf(int offset) => text?.Locate(offset).Line ?? 0;
}
