namespace Pinfold.Pinboard.Import.Syntax;

/// <summary>Reads the tokens of an HTML file one by one, and says what of it is markup.</summary>
interface IHtmlReader
{
    /// <summary>
    /// Whether what stands here is a tag, or text that looks like one; all before it was taken already.
    /// </summary>
    bool IsMarkup(TagStart tag);

    void Take(HtmlToken token);
}

/// <summary>What may be a tag.</summary>
/// <param name="Name">In lower case; <c>!</c> for a comment and its like.</param>
/// <param name="IsEnd">An end tag.</param>
/// <param name="IsLineStart">Nothing but blanks are before it in its line.</param>
/// <param name="Next">The character after its name.</param>
readonly record struct TagStart(string Name, bool IsEnd, bool IsLineStart, char Next);
