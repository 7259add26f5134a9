using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>What holds for files that are not code.</summary>
static partial class RepositoryRules
{
    /// <summary>Packages that follow one another share the comment above the first.</summary>
    public static IEnumerable<Finding> PackageReasons(SourceFile props)
    {
        var hasReason = false;
        foreach (var (index, line) in props.Lines.Index())
        {
            var text = line.Trim();
            if (text.EndsWith("-->", StringComparison.Ordinal))
                hasReason = true;
            else if (!text.StartsWith("<PackageVersion", StringComparison.Ordinal))
                hasReason = false;
            else if (!hasReason)
                yield return new(props.Path, index + 1, "a package without a reason: say above why it is here.");
        }
    }

    /// <summary>Relative links lead to a file, and their anchors to a heading in it.</summary>
    public static IEnumerable<Finding> Links(SourceFile page, Func<string, string?> find)
    {
        var prose = Fence().Replace(page.Text, fence => new string('\n', fence.Value.Count(c => c == '\n')));
        foreach (Match match in Link().Matches(CodeSpan().Replace(prose, span => new string(' ', span.Length))))
        {
            var target = match.Groups[1].Value;
            if (Scheme().IsMatch(target))
                continue;
            var line = prose.AsSpan(0, match.Index).Count('\n') + 1;
            var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
            var text = path.Length == 0 ? page.Text : find(Resolve(page.Folder, path));
            if (text is null)
                yield return new(page.Path, line, $"the link to {target} leads nowhere: there is no such file.");
            else if (anchor.Length > 0 && !Anchors(text).Contains(anchor))
                yield return new(page.Path, line, $"the link to {target} leads nowhere: no heading makes #{anchor}.");
        }
    }

    static string Resolve(string folder, string path) =>
        path.StartsWith('/') ? path[1..] : Path.GetRelativePath("/", Path.GetFullPath(path, "/" + folder));

    static IEnumerable<string> Anchors(string page) =>
        from Match heading in Heading().Matches(page)
        let text = heading.Groups[1].Value.Trim().ToLowerInvariant()
        select string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^ *(```|~~~).*?^ *\1", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^[a-z]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(\s*<?([^)\s>]+)>?[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+\s+(.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
