using System.Text;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Import;
using Pinfold.Sharding;

namespace Pinfold.Cli.Import;

/// <summary>Every problem of an import: written to a file as it comes, and kept where all of them are asked
/// for.</summary>
sealed class ProblemLog : IDisposable
{
    readonly StreamWriter? _file;
    readonly List<RowProblem>? _kept;

    /// <exception cref="PinfoldException">Invalid: the file cannot be written. Nothing was imported.</exception>
    public ProblemLog(FileInfo? file, bool keepsAll)
    {
        _kept = keepsAll ? [] : null;
        if (file is null)
            return;
        try
        {
            _file = new StreamWriter(file.FullName, append: false, new UTF8Encoding(false)) { AutoFlush = true };
            _file.Write(ProblemTable.Head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Invalid,
                $"The report cannot be written to {file.FullName}: {e.Message} Nothing was imported.", e);
        }
    }

    /// <summary>All of them; null if they were not to be kept.</summary>
    public IReadOnlyList<RowProblem>? Kept => _kept;

    public void Add(RowProblem problem)
    {
        _kept?.Add(problem);
        _file?.Write(ProblemTable.Line(problem));
    }

    public void Dispose() => _file?.Dispose();
}
