namespace Pinfold.Sharding.Tests.Style;

/// <summary>The repository that this test was built from.</summary>
sealed class Repository
{
    const string Marker = "Pinfold.slnx";

    // Made by builds and runs, or by others: samples are kept as they were found.
    static readonly HashSet<string> NotOurs =
        ["bin", "obj", ".git", ".vs", ".idea", ".pinfold", "artifacts", "TestResults", "Samples"];

    Repository(string root)
    {
        Root = root;
        Files = [.. from path in Walk(root)
                    let text = File.ReadAllText(path)
                    where !text.Contains('\0') // a picture or a font
                    select new SourceFile(
                        Path.GetRelativePath(root, path).Replace('\\', '/'), text.ReplaceLineEndings("\n"))];
    }

    public static Repository Current { get; } = new(FindRoot());

    public string Root { get; }

    /// <summary>All that are text.</summary>
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
            if (!NotOurs.Contains(Path.GetFileName(file))) // ".git" is a file in a worktree
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
