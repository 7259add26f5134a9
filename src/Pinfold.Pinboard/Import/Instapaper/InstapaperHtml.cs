using System.Collections.Frozen;
using Pinfold.Pinboard.Import.HeadedLists;
using Pinfold.Pinboard.Import.Rows;

namespace Pinfold.Pinboard.Import.Instapaper;

/// <summary>Instapaper's HTML export: a list under each folder's name, with addresses and titles.</summary>
static class InstapaperHtml
{
    public static HeadedListForm Form { get; } = new()
    {
        Attributes = FrozenSet.ToFrozenSet(["href"]),
        Board = folder => folder,
        Entry = link => new RawEntry { Url = link["href"] },
    };
}
