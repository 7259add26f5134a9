using Pinfold.Pinboard.Import.Csv;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.GoogleSaved;

/// <summary>
/// A list of places or pages that was saved at Google, as Takeout gives it: <c>Title,Note,URL,Tags,Comment</c>, in
/// older ones fewer; the columns are named in their owner's language, and what is written about the list stands before
/// them.
/// </summary>
static class SavedList
{
    public static CsvForm Form { get; } = new()
    {
        Columns = SavedListColumns.ByName,
        Marks = ["title", "note", "url"],
        PrefaceLinesMax = 20,
        SaysEmpty = true,
        Entry = line => new RawEntry
        {
            Url = line["url"],
            Title = line["title"],
            Description = string.Join("\n\n", new[] { line["note"], line["comment"] }.OfType<string>()),
            Tags = line["tags"]?.Split(',') ?? [],
        },
    };
}
