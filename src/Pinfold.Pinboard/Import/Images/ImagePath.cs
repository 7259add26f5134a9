using System.Collections.Frozen;

namespace Pinfold.Pinboard.Import.Images;

/// <summary>Judges the path of a file within a folder or archive.</summary>
static class ImagePath
{
    /// <summary>What people call images; whether one can be shown is judged when its picture is made.</summary>
    static readonly FrozenSet<string> Extensions = FrozenSet.ToFrozenSet(
        [
            ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".heif", ".heic", ".bmp", ".tif",
            ".tiff", ".jxl", ".svg",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static bool IsCalledImage(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>The part of the path that makes it hidden (<c>a/.git</c>, <c>__MACOSX</c>), or null.</summary>
    public static string? HiddenPart(string path)
    {
        for (var start = 0; start < path.Length;)
        {
            var end = path.IndexOf('/', start);
            if (end < 0)
                end = path.Length;
            if (IsHidden(path[start..end]))
                return path[..end];
            start = end + 1;
        }
        return null;
    }

    public static bool IsHidden(string name) =>
        name.StartsWith('.')
        || string.Equals(name, "__MACOSX", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "Thumbs.db", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "desktop.ini", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a name in an archive would lead out of the folder it is unpacked to, or is no name at all.
    /// </summary>
    public static bool LeadsOut(string path) =>
        path.Length == 0 || path.StartsWith('/') || path is [_, ':', ..] || path.Any(char.IsControl)
        || path.Split('/').Any(part => part is ".." or "." or "");
}
