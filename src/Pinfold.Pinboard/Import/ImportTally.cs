using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pins;

namespace Pinfold.Pinboard.Import;

/// <summary>Counts what an import does, after <paramref name="before"/>.</summary>
/// <param name="before">What its earlier turns did.</param>
/// <param name="tell">Is told every problem; <see cref="Outcome"/> has the first ones. Null for nobody.</param>
sealed class ImportTally(ImportResult before, Action<RowProblem>? tell = null)
{
    readonly List<RowProblem> _problems = [.. before.Problems];

    /// <summary>Of rows among which some have no result yet: they are told in the order of the rows.</summary>
    readonly List<(long Position, RowProblem Problem)> _unsettled = [];
    ImportResult _result = before;

    public ImportResult Outcome => _result with
    {
        Problems = [.. _problems.Concat(InOrder()).Take(ImportResult.ProblemsMax)],
    };

    /// <summary>The row with its number.</summary>
    public ImportRow CountRow(ImportRow row)
    {
        _result = _result with { Rows = _result.Rows + 1 };
        return row with { Number = _result.Rows };
    }

    public void CountFolder() => _result = _result with { Folders = _result.Folders + 1 };

    public void CountPresent() => _result = _result with { Present = _result.Present + 1 };

    public void CountAdded(NewPin pin) => _result = _result with
    {
        Added = _result.Added + 1,
        Fetches = _result.Fetches + (pin.Picture is { Hash: null } ? 1 : 0),
    };

    /// <summary>The row is not imported.</summary>
    public void Refuse(ImportRow row, string why)
    {
        if (row.Kind == RowKind.Pin)
            _result = _result with { Refused = _result.Refused + 1 };
        Say(row, why, isRefused: true);
    }

    /// <summary>The row is imported with a change, or is none.</summary>
    public void Note(ImportRow row, string what) => Say(row, what, isRefused: false);

    /// <summary>Every row so far has its result.</summary>
    public void Settle()
    {
        foreach (var problem in InOrder())
        {
            tell?.Invoke(problem);
            if (_problems.Count < ImportResult.ProblemsMax)
                _problems.Add(problem);
        }
        _unsettled.Clear();
    }

    IEnumerable<RowProblem> InOrder() => _unsettled.OrderBy(p => p.Position).Select(p => p.Problem);

    void Say(ImportRow row, string why, bool isRefused)
    {
        _result = _result with { ProblemCount = _result.ProblemCount + 1 };
        _unsettled.Add((row.Position, new RowProblem(row.Number, row.Name, why, isRefused)));
    }
}
