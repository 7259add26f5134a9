using Pinfold.Pinboard;

namespace Pinfold.Cli.Output;

/// <summary>What an import of follows did, as --json writes it.</summary>
sealed record FollowReport(
    string Source, long Rows, long Added, long Present, long Refused, long PeopleMade,
    IReadOnlyList<RowProblem> Problems, string? Ended);
