using System.Collections.Frozen;
using Pinfold.Pinboard.Import.HeadedLists;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Pocket;

/// <summary>
/// Pocket's older export (<c>ril_export.html</c>): lists under the headings "Unread" and "Read Archive";
/// <c>time_added</c> in seconds since 1970, tags parted by commas.
/// </summary>
static class PocketHtml
{
    public static HeadedListForm Form { get; } = new()
    {
        Attributes = FrozenSet.ToFrozenSet(["href", "time_added", "tags"]),
        Board = PocketBoards.Of,
        Entry = Entry,
    };

    static RawEntry Entry(HtmlToken link) => new()
    {
        Url = link["href"],
        Tags = link["tags"]?.Split(',') ?? [],
        Time = BookmarkDate.Parse(link["time_added"]),
    };
}
