namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>
/// Where a file is kept that somebody else named; of a folder that was chosen, browsers send the paths within it.
/// </summary>
static class ReceivedName
{
    const int DepthMax = 20;

    /// <summary>Below what file systems take, in characters of up to three bytes.</summary>
    const int NameLengthMax = 60;

    const int ExtensionLengthMax = 10;

    const string Meaningful = @"\/:*?""<>|";

    /// <summary>
    /// What is left of the name, within <paramref name="folder"/> and unlike that of every file there.
    /// </summary>
    public static string PathIn(string folder, string fileName)
    {
        var parts = fileName.Split('/', '\\').Select(Clean).Where(part => part.Length > 0).ToList();
        var name = parts.Count > 0 ? parts[^1] : "file";
        var place = Path.Combine(
            [folder, .. parts.SkipLast(1).Take(DepthMax).Select(part => Text.Cut(part, NameLengthMax))]);
        var (words, extension) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        if (extension.Length > ExtensionLengthMax)
            (words, extension) = (name, "");
        words = Text.Cut(words, NameLengthMax);
        var path = Path.Combine(place, words + extension);
        for (var twin = 2; Path.Exists(path); twin++)
            path = Path.Combine(place, $"{words} ({twin}){extension}");
        return path;
    }

    /// <summary>A part of a path without what any file system gives a meaning.</summary>
    static string Clean(string part) =>
        Text.OneLine(string.Concat(part.Where(c => !char.IsControl(c) && !Meaningful.Contains(c)))).TrimStart('.', ' ');
}
