using System.Text;
using Pinfold.Testing;

namespace Pinfold.Cli.Tests.Running;

/// <summary>What is imported: real exports, and files made here.</summary>
static class Samples
{
    public static string Find(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);

    /// <summary>
    /// The real photographs when they are on this machine, outside a soak a sample of them: a folder, how many, and how
    /// many of them are refused, which are the one AVIF and the one HEIF.
    /// </summary>
    public static (string Folder, int Rows, int Refused)? Photographs(string folder)
    {
        if (SharedData.Find("images") is not { } all)
            return null;
        var files = Directory.EnumerateFiles(all, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is not (".json" or ".tsv")).Order(StringComparer.Ordinal).ToList();
        var sample = Soak.Sample(files, 25, file => Path.GetExtension(file) is ".avif" or ".heif");
        foreach (var file in sample)
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(all, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return (folder, sample.Count, 2);
    }

    /// <summary>A folder with sub-folders and pictures that all differ.</summary>
    public static string MakePictures(string folder, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, i % 3 == 0 ? "walks" : $"walks/day {i % 3}"));
            var picture = TestPng.Solid(300 + i, 200, (byte)(i * 5), (byte)(255 - (i * 3)), 90);
            File.WriteAllBytes(Path.Combine(place.FullName, $"picture {i:D3}.png"), picture);
        }
        return folder;
    }

    /// <summary>A bookmark file of that many links in 30 folders, every third of them inside another.</summary>
    public static string MakeBookmarks(string path, int links)
    {
        const int Folders = 30;
        var text = new StringBuilder("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n");
        for (var folder = 0; folder < Folders; folder++)
        {
            var isInner = folder % 3 == 2;
            text.Append(isInner ? "<DT><H3>Outer</H3><DL><p>\n" : "");
            text.Append("<DT><H3>Folder ").Append(folder).Append("</H3>\n<DL><p>\n");
            for (var link = folder; link < links; link += Folders)
                text.Append("<DT><A HREF=\"https://site.example/").Append(link)
                    .Append("\" ADD_DATE=\"").Append(1456433741 + link).Append('"')
                    .Append(link % 50 == 0 ? " PRIVATE=\"1\"" : "").Append(">Link ").Append(link).Append("</A>\n");
            text.Append(isInner ? "</DL><p>\n" : "").Append("</DL><p>\n");
        }
        File.WriteAllText(path, text.Append("</DL><p>\n").ToString());
        return path;
    }
}
