namespace Pinfold.Sharding.Tests.Style;

/// <summary>The repository that this test was built from.</summary>
sealed class Repository
{
    const string Marker = "Pinfold.slnx";

    // Made by builds and runs, or by others: samples are kept as they were found.
    static readonly HashSet<string> NotOurs =
        ["bin", "obj", ".git", ".vs", ".idea", ".pinfold", "artifacts", "TestResults", "Samples"];

    static readonly HashSet<string> TextExtensions =
    [
        ".cs", ".csproj", ".slnx", ".props", ".targets", ".cshtml", ".js", ".css", ".html", ".md", ".json", ".sql",
        ".yml", ".yaml", ".txt", ".sh", "",
    ];

    Repository(string root)
    {
        Root = root;
        Files = [.. Walk(root).Select(path => new SourceFile(
            Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText(path).ReplaceLineEndings("\n")))];
    }

    public static Repository Current { get; } = new(FindRoot());

    public string Root { get; }

    public IReadOnlyList<SourceFile> Files { get; }

    public IEnumerable<SourceFile> CSharp => Files.Where(file => file.IsCSharp);

    public bool Has(string relative) => Path.Exists(Path.Combine(Root, relative));

    static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Marker)))
                return folder;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}.");
    }

    static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            // A file without extension is a script or a dot file; ".git" is one in a worktree.
            if (TextExtensions.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != ".git")
                yield return file;
        }
        foreach (var inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (NotOurs.Contains(Path.GetFileName(inner)))
                continue;
            foreach (var file in Walk(inner))
                yield return file;
        }
    }
}
