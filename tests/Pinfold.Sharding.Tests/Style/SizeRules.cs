using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>How long a file, a line and a member may be.</summary>
static partial class SizeRules
{
    public const int FileLinesMax = 400, LineColumnsMax = 120, MemberLinesMax = 70;

    public static IEnumerable<Finding> FileLength(SourceFile file)
    {
        var lines = file.Lines.Length;
        if (lines > FileLinesMax)
            yield return new(file.Path, lines, $"{lines} lines; {FileLinesMax} at most: a file for each idea in it.");
    }

    public static IEnumerable<Finding> LineLength(SourceFile file) =>
        from line in file.Lines.Index()
        where line.Item.Length > LineColumnsMax && !line.Item.Contains("://", StringComparison.Ordinal)
        select new Finding(
            file.Path, line.Index + 1, $"{line.Item.Length} columns; {LineColumnsMax} at most: break the line.");

    /// <summary>Members with a block; a field's initial value is data, and not measured.</summary>
    public static IEnumerable<Finding> MemberLength(SourceFile file)
    {
        var blocks = new Stack<(bool IsType, bool IsMember, int Start)>();
        var headerStart = 0;
        for (var at = 0; at < file.Code.Length; at++)
        {
            var isInType = blocks.TryPeek(out var outer) && outer.IsType;
            if (file.Code[at] == '{')
            {
                var header = Parentheses().Replace(file.Code[headerStart..at], "()");
                var isType = TypeKeyword().IsMatch(Constraints().Replace(header, ""));
                blocks.Push((isType, isInType && !isType && !Assignment().IsMatch(header), at));
            }
            else if (file.Code[at] == '}' && blocks.TryPop(out var block) && block.IsMember)
            {
                var lines = file.LineOf(at) - file.LineOf(block.Start) + 2; // and the line with its name
                if (lines > MemberLinesMax)
                {
                    yield return file.At(block.Start,
                        $"{lines} lines; a member has {MemberLinesMax} at most: name the parts of its story.");
                }
            }
            if (file.Code[at] is '{' or '}' or ';')
                headerStart = at + 1;
        }
    }

    // Innermost first would need a loop; two levels are what headers have.
    [GeneratedRegex(@"\((?:[^()]|\([^()]*\))*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"\bwhere\b.*", RegexOptions.Singleline)]
    private static partial Regex Constraints();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|extension)\b")]
    private static partial Regex TypeKeyword();

    [GeneratedRegex(@"(?<![=<>!])=(?![=>])(?!.*\boperator\b)", RegexOptions.Singleline)]
    private static partial Regex Assignment();
}
