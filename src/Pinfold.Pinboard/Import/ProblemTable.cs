using System.Globalization;
using System.Text;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// What was wrong with rows, as a CSV file (RFC 4180) that spreadsheets open rightly: it begins with a byte order mark,
/// for Excel takes it for a code page otherwise, and no cell is taken for a formula.
/// </summary>
static class ProblemTable
{
    public const string ContentType = "text/csv; charset=utf-8";

    public const string Head = "\uFEFFRow,Result,What,Reason\r\n";

    public static string Line(RowProblem problem) => string.Create(CultureInfo.InvariantCulture,
        $"{(problem.Row > 0 ? problem.Row : null)},{(problem.IsRefused ? "refused" : "noted")},"
        + $"{Cell(problem.What)},{Cell(problem.Why)}\r\n");

    /// <summary>Says how many more there were than are listed; empty if there were none.</summary>
    public static string LeftOut(long count) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",,,{Cell($"and {count} more")}\r\n");

    /// <summary>
    /// Quoted. What is somebody else's text and begins like a formula gets an apostrophe, as spreadsheets know it
    /// (OWASP, CSV injection).
    /// </summary>
    static string Cell(string text)
    {
        var cell = new StringBuilder(text.Length + 2).Append('"');
        if (text.TrimStart() is ['=' or '+' or '-' or '@', ..] || text is ['\t' or '\r' or '\n', ..])
            cell.Append('\'');
        foreach (var c in text)
            cell.Append(c == '"' ? "\"\"" : char.IsControl(c) ? " " : c.ToString());
        return cell.Append('"').ToString();
    }
}
