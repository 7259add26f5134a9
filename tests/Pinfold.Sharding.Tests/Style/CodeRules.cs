using System.Text.RegularExpressions;

namespace Pinfold.Sharding.Tests.Style;

/// <summary>What C# here does not call and does not say.</summary>
static partial class CodeRules
{
    static readonly (Regex Pattern, string Right)[] Banned =
    [
        (BlockingResult(), "await the task: a thread that waits for it can starve the pool."),
        (BlockingWait(), "await (WaitAsync): a thread that waits can starve the pool."),
        (WallClock(), "take a TimeProvider, so that a test can set the time."),
        (Sleep(), "await Task.Delay with a TimeProvider and a CancellationToken."),
        (BareCatch(), "name the exceptions that are expected here."),
        (SwallowedException(), "name the exceptions that are expected here; the others must be seen."),
        (Region(), "make a file or a method of it."),
        (AsyncVoid(), "return a Task: nobody can await this, and what it throws ends the process."),
        (StaticField(), "pass the state to who needs it, or make the field readonly."),
    ];

    public static IEnumerable<Finding> BannedCode(SourceFile file) =>
        from rule in Banned
        from match in rule.Pattern.Matches(file.Code)
        select file.At(match.Groups[1].Index, $"'{match.Groups[1].Value.Trim()}' is not used here: {rule.Right}");

    public static IEnumerable<Finding> TypeNames(SourceFile file) =>
        from Match match in DeclaredType().Matches(file.Code)
        let name = match.Groups[1].Value
        where EmptyWord().IsMatch(name)
        select file.At(match.Groups[1].Index, $"{name} says nothing: name the type for what it is or does.");

    /// <summary>Files, folders and projects.</summary>
    public static IEnumerable<Finding> FileNames(SourceFile file) =>
        from part in file.Path.Split('/')
        where part.Split('.').Any(word => EmptyWord().IsMatch(word))
        select new Finding(file.Path, 1, $"{part} says nothing: name it for the idea that it holds.");

    /// <summary>Namespace and folder are the same, and a file has one.</summary>
    public static IEnumerable<Finding> Namespaces(SourceFile file)
    {
        var folders = file.Folder.Split('/');
        if (folders.Length < 2 || folders[0] is not ("src" or "tests" or "bench"))
            yield break;
        var expected = string.Join('.', folders.Skip(1));
        var found = Namespace().Match(file.Code);
        if (!found.Success && DeclaredType().Match(file.Code) is { Success: true } type)
            yield return file.At(type.Index, $"no file-scoped namespace: 'namespace {expected};' is the folder's.");
        // Where applications look for AddSomething(...), by the conventions of Microsoft.Extensions.
        var isRegistration = file.Name.EndsWith("ServiceCollectionExtensions.cs", StringComparison.Ordinal)
            && found.Groups[1].Value == "Microsoft.Extensions.DependencyInjection";
        if (found.Success && found.Groups[1].Value != expected && !isRegistration)
            yield return file.At(found.Groups[1].Index, $"{found.Groups[1].Value} in the folder of {expected}.");
    }

    [GeneratedRegex(@"(\.Result\b(?!\s*(?:\(|=[^=>]))|\.GetResult\(\))")]
    private static partial Regex BlockingResult();

    [GeneratedRegex(@"(\.(?:Wait|WaitAll|WaitAny)\()")]
    private static partial Regex BlockingWait();

    [GeneratedRegex(@"\b(DateTime(?:Offset)?\.(?:Now|UtcNow|Today))\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\b(Thread\.Sleep)\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(catch)\s*(?:\{|when\b)")]
    private static partial Regex BareCatch();

    [GeneratedRegex(@"\b(catch\s*\(\s*(?:System\.)?Exception(?:\s+\w+)?\s*\))\s*\{\s*\}")]
    private static partial Regex SwallowedException();

    [GeneratedRegex(@"^\s*(#region)\b", RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\b(async\s+void)\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\b(static\s+(?!readonly\b|partial\b)[\w.<>,?\[\] ]+\s+\w+)\s*(?:;|=(?![>=]))")]
    private static partial Regex StaticField();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(?!class\b|struct\b)([A-Z]\w*)")]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"(?:Manager|Helpers?|Utils?|Utility|Utilities|Common|Impl|Info)$")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
