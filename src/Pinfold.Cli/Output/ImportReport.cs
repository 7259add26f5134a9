using Pinfold.Pinboard;

namespace Pinfold.Cli.Output;

/// <summary>What an import did, as --json writes it.</summary>
sealed record ImportReport(
    string Source, string User, long Rows, long Folders, long Added, long Present, long Refused, int Boards,
        int Sections,
    IReadOnlyList<RowProblem> Problems, string? Ended);
