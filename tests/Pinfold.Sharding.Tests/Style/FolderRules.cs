namespace Pinfold.Sharding.Tests.Style;

/// <summary>
/// Folders of a project form no circle, so that each can be understood with those that it uses, and without the others.
/// </summary>
static class FolderRules
{
    /// <summary>The projects whose folders form no circle.</summary>
    public static readonly string[] WithoutCircles =
        ["src/Pinfold.Sharding", "src/Pinfold.Pinboard", "src/Pinfold.Lab", "src/Pinfold.Cli"];

    /// <summary>The projects whose root is the vocabulary of all that is below; it imports none of it.</summary>
    public static readonly string[] WithWordsInTheRoot = ["src/Pinfold.Sharding", "src/Pinfold.Pinboard"];

    public static IEnumerable<Finding> Circles(string project, IEnumerable<SourceFile> files)
    {
        var circle = GraphOf(project, files).ShortestCircle();
        if (circle.Count == 0)
            return [];
        return [circle[0].File.At(circle[0].Offset, $"a circle of folders: {string.Join("; ", circle)}. Move what lies "
            + "in the wrong one, or have the lower one say what it needs.")];
    }

    public static IEnumerable<Finding> RootImportsNothing(string project, IEnumerable<SourceFile> files) =>
        from use in GraphOf(project, files).Uses
        where use.From == project[(project.LastIndexOf('/') + 1)..]
        select use.File.At(use.Offset, $"{use}: the root is the vocabulary, and imports none of the folders below it.");

    static FolderGraph GraphOf(string project, IEnumerable<SourceFile> files) => new(files.Where(file =>
        file.IsBelow(project) && (file.IsCSharp || file.Path.EndsWith(".cshtml", StringComparison.Ordinal))));
}
