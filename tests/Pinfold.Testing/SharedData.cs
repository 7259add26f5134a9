namespace Pinfold.Testing;

/// <summary>Large real-world files that are not in the repository; found through PINFOLD_SHARED, else absent.</summary>
public static class SharedData
{
    public const string Variable = "PINFOLD_SHARED";

    /// <summary>The folder that PINFOLD_SHARED names; null when the variable is not set.</summary>
    public static string? Root
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable(Variable);
            if (string.IsNullOrEmpty(folder))
                return null;
            return Directory.Exists(folder)
                ? Path.GetFullPath(folder)
                : throw new DirectoryNotFoundException($"{Variable} names {folder}, which is not a folder.");
        }
    }

    /// <summary>
    /// A file or folder below <c>data/</c>, such as <c>bookmarks/chrome.html</c>; null when it is not there.
    /// </summary>
    public static string? Find(string relative)
    {
        if (Root is not { } root)
            return null;
        var path = Path.Combine(root, "data", relative);
        return Path.Exists(path) ? path : null;
    }
}
