namespace Pinfold.Sharding.Tests.Style;

/// <summary>A text file of the repository; its path is relative to the root, with slashes.</summary>
sealed class SourceFile(string path, string text)
{
    readonly Lazy<string> _code = new(() => CSharpBlanker.Blank(text));

    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>C# with what stands in comments and strings made blank; every character keeps its place.</summary>
    public string Code => _code.Value;

    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsBelow(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public Finding At(int offset, string message) => new(Path, LineOf(offset), message);

    public int LineOf(int offset) => Text.AsSpan(0, offset).Count('\n') + 1;
}
