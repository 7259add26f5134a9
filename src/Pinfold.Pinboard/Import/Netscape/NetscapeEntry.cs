using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Netscape;

/// <summary>A link or a folder of a bookmark file while it is read.</summary>
/// <param name="Tag">Its <c>A</c> or <c>H3</c>.</param>
/// <param name="IsFolder">Which of them.</param>
sealed record NetscapeEntry(HtmlToken Tag, bool IsFolder)
{
    public string? Title { get; set; }

    public string? Description { get; set; }

    /// <summary>A folder's name is an anchor, as in old files.</summary>
    public bool HasAnchor { get; set; }

    public bool IsWrapper => IsTrue(Tag["personal_toolbar_folder"]) || IsTrue(Tag["unfiled_bookmarks_folder"]);

    public RawEntry ToRaw() => new()
    {
        Url = Tag["href"],
        Title = Title,
        // Scuttle writes it as an attribute.
        Description = string.IsNullOrWhiteSpace(Description) ? Tag["description"] : Description,
        Tags = TagText.Split(Tag["tags"]),
        Time = BookmarkDate.Parse(Tag["add_date"]),
        Secret = IsTrue(Tag["private"]),
        PictureAddress = Tag["data-cover"] is { Length: > 0 } cover ? cover : null,
        Line = Tag.Line,
    };

    /// <summary>Said in any way but that it is not: what is private must not become public.</summary>
    static bool IsTrue(string? value) =>
        value is not null && value.Trim().ToLowerInvariant() is not ("0" or "false" or "no");
}
