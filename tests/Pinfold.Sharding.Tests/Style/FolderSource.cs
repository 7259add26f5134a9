using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>
/// A file as its folder's neighbours see it: which types and extension methods it declares, and which names it says.
/// </summary>
sealed partial class FolderSource(SourceFile file)
{
    public SourceFile File { get; } = file;

    /// <summary>The namespace that is the folder's.</summary>
    public string Namespace { get; } = string.Join('.', file.Folder.Split('/').Skip(1));

    /// <summary>The namespaces whose types need no directive here, from the inside out.</summary>
    public IReadOnlyList<string> Scopes { get; } =
        [.. Outwards(OwnNamespace().Match(file.IsCSharp ? file.Code : "").Groups[1].Value)];

    /// <summary>Types that others can name; not those within types.</summary>
    public IEnumerable<string> Types => !File.IsCSharp ? [] :
        from Match match in DeclaredType().Matches(File.Code)
        where Depth(match.Index) == 0
        select match.Groups[1].Value;

    public IEnumerable<string> ExtensionMethods => !File.IsCSharp ? [] :
        from Match match in ExtensionMethod().Matches(File.Code) select match.Groups[1].Value;

    /// <summary>What directives import: a namespace, or a type in one.</summary>
    public IEnumerable<(string Name, int Offset)> Imports => File.IsCSharp
        ? from Match line in UsingDirective().Matches(File.Code)
          from Match name in QualifiedName().Matches(line.Value)
          select (name.Value, line.Index + name.Index)
        : from Match line in RazorUsing().Matches(File.Text) select (line.Groups[1].Value, line.Index);

    /// <summary>Names as they stand in the code, <c>A</c> or <c>A.B.C</c>, up to a call.</summary>
    public IEnumerable<(string Name, int Offset)> Names => !File.IsCSharp ? [] :
        from Match match in QualifiedName().Matches(UsingDirective().Replace(File.Code, line => Blank(line.Length)))
        select (Spaces().Replace(match.Value, ""), match.Index);

    public IEnumerable<(string Name, int Offset)> CalledMethods => !File.IsCSharp ? [] :
        from Match match in CalledMethod().Matches(File.Code) select (match.Groups[1].Value, match.Index);

    static string Blank(int length) => new(' ', length);

    static IEnumerable<string> Outwards(string name)
    {
        for (; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
            yield return name;
    }

    /// <summary>How many braces are open, not counting that of a namespace.</summary>
    int Depth(int offset)
    {
        var before = File.Code.AsSpan(0, offset);
        return before.Count('{') - before.Count('}') - (BlockNamespace().IsMatch(File.Code) ? 1 : 0);
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"^\s*namespace\s+[\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(
        @"\b(?:class|struct|record|interface|enum|delegate\s+[\w<>?,. ]+?)\s+(?!class\b|struct\b)([A-Z]\w*)")]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"\b(\w+)(?:<[^<>;{}]*>)?\(\s*this\s+[\w<]")]
    private static partial Regex ExtensionMethod();

    [GeneratedRegex(@"\.\s*(\w+)\s*(?:<[^<>;{}()]*>)?\(")]
    private static partial Regex CalledMethod();

    [GeneratedRegex(@"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?[A-Z_][^;(\n]*;",
        RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^@using\s+(?:static\s+)?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex RazorUsing();

    [GeneratedRegex(@"(?<![\w.@]|\.\s)[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
