using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
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
        var (encoding, isCertain) = PageCharset.Find(page, charset);
        return Read(page, url, encoding, isCertain, out var other) ?? Read(page, url, other!, isCertain: true, out _)!;
    }

    /// <summary>Null when a meta element says that the page is to be read in <paramref name="other"/>.</summary>
    static PagePreview? Read(
        ReadOnlySpan<byte> page, Uri url, Encoding encoding, bool isCertain, out Encoding? other)
    {
        var (clues, place) = (new PageClues(url), new PagePlace());
        using var source = new TextSource(PageCharset.Decode(page, encoding));
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver)
        {
            SkipComments = true,
            DisableElementPositionTracking = true,
        };
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token.Type == HtmlTokenType.EndTag)
                place.Close(token.Name);
            else if (token.Type == HtmlTokenType.StartTag && !IsReadToTheEnd(tokenizer, token.AsTag(), place, clues))
                break;
            tokenizer.IsAcceptingCharacterData = place.IsForeign;
            if (!isCertain && clues.Encoding is not null)
            {
                other = clues.Encoding;
                if (other.WebName != encoding.WebName)
                    return null;
                isCertain = true;
            }
        }

        other = null;
        return clues.ToPreview();
    }

    static bool IsReadToTheEnd(HtmlTokenizer tokenizer, HtmlTagToken tag, PagePlace place, PageClues clues)
    {
        if (!place.Open(tag))
            return true;
        if (!place.IsInert)
            clues.See(tag, place);
        if (TextMode(tag.Name) is not { } mode)
            return true;
        tokenizer.State = mode;
        var text = tokenizer.Get();
        if (text.Type == HtmlTokenType.Character && text.Data.Length <= TextCharactersMax && !place.IsInert)
            clues.SeeText(tag, text.Data);
        return text.Type != HtmlTokenType.EndOfFile;
    }

    // Elements whose content is text up to their end tag; the tree builder, absent here, would switch to it. Without
    // scripts <noscript> is read as markup: lazy pages keep their real images there.
    static HtmlParseMode? TextMode(string element) => element switch
    {
        "title" or "textarea" => HtmlParseMode.RCData,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "script" => HtmlParseMode.Script,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => null,
    };
}
