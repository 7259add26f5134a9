using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Raindrop;

/// <summary>
/// Raindrop.io's CSV export: <c>id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite</c>; the
/// folder is a path, tags are parted by commas. The excerpt is the page's, the note its reader's.
/// </summary>
static class RaindropCsv
{
    public static CsvForm Form { get; } = new()
    {
        Columns = CsvForm.AsNamed("title", "note", "excerpt", "url", "folder", "tags", "created", "cover"),
        Marks = ["url", "folder", "created"],
        HasFolders = true,
        Entry = line => new RawEntry
        {
            Url = line["url"],
            Title = line["title"],
            Description = string.Join("\n\n", new[] { line["note"], line["excerpt"] }.OfType<string>()),
            Tags = line["tags"]?.Split(',') ?? [],
            Time = BookmarkDate.Parse(line["created"]),
            PictureAddress = line["cover"],
        },
        Folder = line => line["folder"]?.Split('/'),
    };
}
