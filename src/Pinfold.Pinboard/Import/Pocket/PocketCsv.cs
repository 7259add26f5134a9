using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Pocket;

/// <summary>
/// The CSV export of Pocket: <c>title,url,time_added,tags,status</c>; seconds since 1970, tags parted by <c>|</c>.
/// </summary>
static class PocketCsv
{
    public static CsvForm Form { get; } = new()
    {
        Columns = CsvForm.AsNamed("title", "url", "time_added", "tags", "status"),
        Marks = ["url", "time_added"],
        Entry = line => new RawEntry
        {
            Url = line["url"],
            Title = line["title"],
            Tags = line["tags"]?.Split('|') ?? [],
            Time = BookmarkDate.Parse(line["time_added"]),
        },
        Folder = line => line["status"] is { } status ? [PocketBoards.Of(status)] : null,
    };
}
