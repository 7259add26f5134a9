using Pinfold.Pinboard.Import.Syntax;

namespace Pinfold.Pinboard.Import.Netscape;

/// <summary>
/// Tells the tags that make a bookmark file from those that stand in somebody's text: exporters write titles and notes
/// as they are, with <c>&lt;b&gt;</c>, <c>&lt;!--</c> and links in them. What makes the file begins a line, or is
/// followed by what must follow it; everything else is text.
/// </summary>
static class NetscapeMarkup
{
    /// <summary>Between the end of a title and the end of its line.</summary>
    public static bool IsMarkupAfterTitle(TagStart tag) =>
        tag.Name is "a" or "dt" or "dd" or "dl" or "hr" or "h1" or "h3" or "p" or "br" or "body" or "html";

    /// <param name="tag">What stands in a title or folder's name.</param>
    /// <param name="entry">Whose.</param>
    /// <param name="isAtStart">Nothing that can be seen stands before it in the title.</param>
    /// <param name="beginsEntry">
    /// Whether an <c>A</c> or <c>H3</c> here is an entry: it comes after <c>DT</c>, or begins a line in a file without.
    /// </param>
    public static bool IsMarkupInTitle(
        TagStart tag, NetscapeEntry entry, bool isAtStart, bool beginsEntry) => tag.Name switch
        {
            "a" when tag.IsEnd => !entry.IsFolder || entry.HasAnchor,
            "a" => beginsEntry || (entry.IsFolder && isAtStart),
            "h3" => tag.IsEnd ? entry.IsFolder : beginsEntry,
            "dt" => true,
            "dd" or "dl" or "hr" or "body" or "html" => tag.IsLineStart,
            _ => false,
        };

    /// <inheritdoc cref="IsMarkupInTitle"/>
    public static bool IsMarkupInDescription(TagStart tag, bool beginsEntry) => tag.Name switch
    {
        "a" or "h3" => !tag.IsEnd && beginsEntry,
        "br" or "dt" or "dl" or "hr" => true,
        "p" => tag.Next == '>',
        "dd" => tag.IsEnd || tag.IsLineStart,
        "body" or "html" => tag.IsLineStart,
        _ => false,
    };

    /// <summary>What stands after a tag that makes the file, beside entries.</summary>
    public static bool FollowsMarkup(TagStart tag) => tag.Name is "p" or "dt" or "dl" or "hr" or "body" or "html";

    /// <summary>Whether it depends on what follows if this tag, met in a text, is of the file or of the text.</summary>
    public static bool DependsOnNext(HtmlToken tag, NetscapeEntry entry) => (tag.Kind, tag.Name) switch
    {
        (HtmlTokenKind.Start, "dt") => true,
        (HtmlTokenKind.Start, "dl") => !(entry.IsFolder && tag.IsLineStart),
        (HtmlTokenKind.Start, "hr") => !tag.IsLineStart,
        (HtmlTokenKind.End, "dl" or "dd" or "dt") => true,
        _ => false,
    };

    /// <summary>Whether such a tag is of the file, now that what follows is known.</summary>
    public static bool IsOfFile(HtmlToken tag, NetscapeEntry entry, HtmlToken next)
    {
        if (next.Kind is HtmlTokenKind.CutOff or HtmlTokenKind.EndOfFile)
            return true;
        if (next.Kind == HtmlTokenKind.Text)
            return false;
        var begins = next.Kind == HtmlTokenKind.Start;
        return tag.Name switch
        {
            _ when tag.Kind == HtmlTokenKind.End => true,
            "dt" => (begins && next.Name is "a" or "h3" or "dt" or "hr") || next.IsEnd("dl"),
            "dl" => (begins && next.Name == "p") || ((entry.IsFolder || tag.IsLineStart) && next.Name is "dt" or "dl"),
            _ => next.Name is "dt" or "dl",
        };
    }
}
