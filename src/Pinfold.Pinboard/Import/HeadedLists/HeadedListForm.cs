using System.Collections.Frozen;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.HeadedLists;

/// <summary>What one service writes into a page of lists.</summary>
sealed record HeadedListForm
{
    /// <summary>Of its links.</summary>
    public required FrozenSet<string> Attributes { get; init; }

    /// <summary>The board that a heading stands for.</summary>
    public required Func<string, string> Board { get; init; }

    /// <summary>What a link says, but for its title.</summary>
    public required Func<HtmlToken, RawEntry> Entry { get; init; }
}
