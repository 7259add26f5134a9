using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Pinfold.Pinboard.Fetching;

/// <summary>
/// Finds what a page says of itself. Reads AngleSharp's tokens rather than its tree: the elements wanted need no tree,
/// a stranger's page nested a hundred thousand deep then costs no stack, and time is linear in its length.
/// </summary>
internal static class PageReader
{
    const int TextCharactersMax = 512 * 1024;

    /// <param name="page">The bytes of the page; may end anywhere.</param>
    /// <param name="url">Where it came from, after redirects.</param>
    /// <param name="charset">What the HTTP header said, if anything.</param>
    public static PagePreview Read(ReadOnlySpan<byte> page, Uri url, string? charset = null)
    {
        var clues = new PageClues(url);
        using var source = new TextSource(PageCharset.Decode(page, charset));
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver)
        {
            SkipComments = true,
            DisableElementPositionTracking = true,
        };
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token.Type != HtmlTokenType.StartTag)
                continue;
            var tag = token.AsTag();
            clues.See(tag);
            if (TextMode(tag.Name) is not { } mode)
                continue;
            tokenizer.State = mode;
            var text = tokenizer.Get();
            if (text.Type == HtmlTokenType.EndOfFile)
                break;
            if (text.Type == HtmlTokenType.Character && text.Data.Length <= TextCharactersMax)
                clues.SeeText(tag, text.Data);
        }

        return clues.ToPreview();
    }

    // Elements whose content is text up to their end tag; the tree builder, absent here, would switch to it. Without
    // scripts <noscript> is read as markup: lazy pages keep their real images there.
    static HtmlParseMode? TextMode(string element) => element switch
    {
        "title" or "textarea" => HtmlParseMode.RCData,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "script" => HtmlParseMode.Script,
        _ => null,
    };
}
