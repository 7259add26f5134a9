using Pinfold.Pinboard.Import;

namespace Pinfold.Cli.Import;

/// <summary>What an import did, as --json writes it.</summary>
sealed record ImportReport(
    string File, string User, long Rows, long Added, long Present, long Refused, int Boards, int PicturesReady, int PicturesFailed,
    IReadOnlyList<RowProblem> Problems);
