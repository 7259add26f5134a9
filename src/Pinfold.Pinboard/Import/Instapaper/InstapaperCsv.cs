using System.Text.Json;
using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Instapaper;

/// <summary>
/// Instapaper's CSV export: <c>URL,Title,Selection,Folder,Timestamp</c> and since 2024 <c>Tags</c>, an array in JSON.
/// Its own folders are "Unread", "Archive" and "Starred".
/// </summary>
static class InstapaperCsv
{
    public static CsvForm Form { get; } = new()
    {
        Columns = CsvForm.AsNamed("url", "title", "selection", "folder", "timestamp", "tags"),
        Marks = ["url", "selection", "folder"],
        Entry = line => new RawEntry
        {
            Url = line["url"],
            Title = line["title"],
            Description = line["selection"],
            Tags = Tags(line["tags"]),
            Time = BookmarkDate.Parse(line["timestamp"]),
        },
        Folder = line => line["folder"] is { } folder ? [folder] : null,
    };

    static string[] Tags(string? text)
    {
        if (text is null)
            return [];
        try
        {
            using var array = JsonDocument.Parse(text);
            return [.. array.RootElement.EnumerateArray().Select(tag => tag.ToString())];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text.Trim('[', ']').Split(',');
        }
    }
}
